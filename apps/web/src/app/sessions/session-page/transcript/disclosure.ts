import { Injectable, signal } from '@angular/core';

/** What the reader has opened or folded. It outlives the rows, which exist only while they are near the viewport. */
@Injectable()
export class Disclosure {
  private readonly choices = signal<ReadonlyMap<string, boolean>>(new Map());

  isOpen(key: string, byDefault = false): boolean {
    return this.choices().get(key) ?? byDefault;
  }

  toggle(key: string, byDefault = false): void {
    this.choices.update((choices) => new Map(choices).set(key, !(choices.get(key) ?? byDefault)));
  }
}
