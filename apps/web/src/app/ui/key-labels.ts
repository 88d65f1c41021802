const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

const MAC: Record<string, string> = { Mod: '⌘', Alt: '⌥', Shift: '⇧', Enter: '↵' };
const OTHER: Record<string, string> = { Mod: 'Ctrl', Enter: '↵', Escape: 'Esc' };

/** The keys of a shortcut in the words of this machine. */
export function keyLabels(combo: string): string[] {
  return combo.split(/[ +]/).map((key) => (isMac ? MAC[key] : OTHER[key]) ?? key);
}
