const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

const EVERYWHERE = { Enter: '↵', Escape: 'Esc', ArrowDown: '↓', ArrowUp: '↑', ArrowLeft: '←', ArrowRight: '→' };
const MAC: Record<string, string> = { ...EVERYWHERE, Mod: '⌘', Alt: '⌥', Shift: '⇧' };
const OTHER: Record<string, string> = { ...EVERYWHERE, Mod: 'Ctrl' };

/** The keys of a shortcut in the words of this machine. */
export function keyLabels(combo: string): string[] {
  return combo.split(/[ +]/).map((key) => (isMac ? MAC[key] : OTHER[key]) ?? key);
}
