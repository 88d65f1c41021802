import { Service, computed, signal } from '@angular/core';

/** Something a person can do from the palette or by a shortcut. */
export interface Command {
  id: string;
  label: string;
  group: string;
  /** `Mod+K`, `N`, or one key after another: `G R`. */
  combo?: string;
  /** False: a shortcut only, not listed in the palette. */
  isListed?: boolean;
  run: () => void;
}

/** Between the keys of a sequence. */
const SEQUENCE_MS = 900;

/** All commands that mean something right now; pages add their own while they are open. */
@Service()
export class Commands {
  private readonly sets = signal<readonly (readonly Command[])[]>([]);
  readonly all = computed(() => this.sets().flat());
  private firstKey: { key: string; at: number } | undefined;

  /** Adds commands; call the answer to take them away. */
  add(commands: readonly Command[]): () => void {
    this.sets.update((sets) => [...sets, commands]);
    return () => this.sets.update((sets) => sets.filter((set) => set !== commands));
  }

  /** Runs the command of a key press; true if there was one. In fields and menus only keys with a modifier count. */
  handle(event: KeyboardEvent): boolean {
    if (event.defaultPrevented || event.isComposing) return false;
    const combo = comboOf(event);
    const hasModifier = event.ctrlKey || event.metaKey || event.altKey;
    if (!hasModifier && takesLetters(event.target)) return false;
    const command = this.find(this.sequence(combo)) ?? this.find(combo);
    this.firstKey = command || hasModifier ? undefined : { key: combo, at: event.timeStamp };
    if (!command) return false;
    event.preventDefault();
    command.run();
    return true;
  }

  private find(combo: string | undefined): Command | undefined {
    return combo === undefined ? undefined : this.all().findLast((command) => command.combo === combo);
  }

  private sequence(combo: string): string | undefined {
    const first = this.firstKey;
    if (!first || performance.now() - first.at > SEQUENCE_MS) return undefined;
    return `${first.key} ${combo}`;
  }
}

function comboOf(event: KeyboardEvent): string {
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const mod = event.ctrlKey || event.metaKey ? 'Mod+' : '';
  const alt = event.altKey ? 'Alt+' : '';
  // Shift is part of a sign like “?”; with letters and named keys it is a modifier.
  const shift = event.shiftKey && (event.key.length > 1 || /[A-Z]/.test(key)) ? 'Shift+' : '';
  return `${mod}${alt}${shift}${key}`;
}

/** Fields, and menus, where a letter selects the item that begins with it. */
function takesLetters(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.closest('input, textarea, select, [role="menu"]') !== null)
  );
}
