import { computed, linkedSignal, type Signal, signal } from '@angular/core';
import type { SessionCommand } from '@pizzapi/protocol';
import { matchingCommands, typedCommand } from './command-matches';
import { isTaking, moveActive } from './list-keys';

/** Completes the name of a command while it is typed, by the combobox pattern: the field keeps the focus, its keys move through the list. */
export class CommandCompletion {
  /** The text for which the list was closed. */
  private readonly closedFor = signal<string | null>(null);
  private readonly typed = computed(() => {
    const isClosed = this.commands().length === 0 || this.closedFor() === this.text();
    return isClosed ? null : typedCommand(this.text(), this.caret());
  });
  /** The matches; null if no command is being typed. */
  readonly matches = computed(() => {
    const typed = this.typed();
    return typed === null ? null : matchingCommands(this.commands(), typed);
  });
  /** The index of the one that Enter takes. */
  readonly active = linkedSignal({ source: this.matches, computation: () => 0 });
  readonly activeId = computed(() => ((this.matches()?.length ?? 0) > 0 ? optionId(this.active()) : null));

  constructor(
    private readonly text: Signal<string>,
    private readonly caret: Signal<number>,
    private readonly commands: Signal<readonly SessionCommand[]>,
    private readonly complete: (command: SessionCommand) => void,
  ) {}

  /** @returns whether the key was for the list */
  take(event: KeyboardEvent): boolean {
    const matches = this.matches();
    if (matches === null || event.isComposing) return false;
    if (event.key === 'Escape') {
      this.closedFor.set(this.text());
      // It closes only the list.
      event.stopPropagation();
      return true;
    }
    if (moveActive(event, this.active, matches.length)) return true;
    const command = matches[this.active()];
    if (!command || !isTaking(event) || (event.key === 'Enter' && this.isComplete(command))) return false;
    this.complete(command);
    return true;
  }

  /** All of its name is typed, and nothing has to follow: Enter sends it. */
  private isComplete({ name, argumentHint = '' }: SessionCommand): boolean {
    return name === this.typed() && !argumentHint.startsWith('<');
  }
}

/** The element id of the option at an index. */
export function optionId(at: number): string {
  return `composer-command-${at}`;
}
