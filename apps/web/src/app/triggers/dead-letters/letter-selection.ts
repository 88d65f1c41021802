import { computed, type Signal, signal } from '@angular/core';

/** Which letters of a list are selected. A letter that leaves the list is no longer selected. */
export class LetterSelection {
  private readonly chosen = signal<ReadonlySet<string>>(new Set());
  readonly ids = computed(() => this.listed().filter((id) => this.chosen().has(id)));
  readonly isAll = computed(() => this.ids().length > 0 && this.ids().length === this.listed().length);
  readonly isSome = computed(() => this.ids().length > 0 && !this.isAll());

  constructor(private readonly listed: Signal<readonly string[]>) {}

  has(id: string): boolean {
    return this.chosen().has(id);
  }

  toggle(id: string): void {
    this.chosen.update((ids) => {
      const changed = new Set(ids);
      if (!changed.delete(id)) changed.add(id);
      return changed;
    });
  }

  toggleAll(): void {
    this.chosen.set(this.isAll() ? new Set() : new Set(this.listed()));
  }

  drop(ids: readonly string[]): void {
    this.chosen.update((chosen) => new Set([...chosen].filter((id) => !ids.includes(id))));
  }
}
