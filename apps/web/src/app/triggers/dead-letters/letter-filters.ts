import { Component, computed, input, output } from '@angular/core';
import type { DeadLetterView } from '@pizzapi/protocol';
import { letterSession } from './letter-words';

/** By type and by session, out of what is listed; the choice itself stands in the address. */
@Component({
  selector: 'pz-letter-filters',
  template: `
    <select #byType class="pz-input" aria-label="Type" (change)="changed.emit({ type: byType.value || null })">
      <option value="" [selected]="!type()">all types</option>
      @for (each of types(); track each) {
        <option [value]="each" [selected]="each === type()">{{ each }}</option>
      }
    </select>
    <select
      #bySession
      class="pz-input"
      aria-label="Session"
      (change)="changed.emit({ session: bySession.value || null })"
    >
      <option value="" [selected]="!session()">all sessions</option>
      @for (each of sessions(); track each.id) {
        <option [value]="each.id" [selected]="each.id === session()">{{ each.name }}</option>
      }
    </select>
  `,
  styles: `
    :host {
      display: flex;
      gap: 6px;
      min-width: 0;
    }
    select {
      width: auto;
      min-width: 0;
      max-width: 170px;
      min-height: 28px;
      padding-block: 2px;
      font-size: 0.75rem;
    }
    @media (max-width: 759px) {
      :host {
        width: 100%;
      }
      select {
        flex: 1;
        max-width: none;
        min-height: 36px;
      }
    }
  `,
})
export class LetterFilters {
  readonly type = input<string>();
  readonly session = input<string>();
  readonly known = input.required<readonly DeadLetterView[]>();
  readonly changed = output<{ type?: string | null; session?: string | null }>();

  protected readonly types = computed(() => {
    const found = this.known().flatMap(({ type }) => type ?? []);
    return [...new Set([...found, ...present(this.type())])].sort();
  });
  protected readonly sessions = computed(() => {
    const names = new Map(present(this.session()).map((id) => [id, `session ${id.slice(0, 8)}`]));
    for (const letter of this.known()) names.set(letter.sessionId, letterSession(letter));
    return [...names].map(([id, name]) => ({ id, name })).sort((a, b) => a.name.localeCompare(b.name));
  });
}

function present(value: string | undefined): string[] {
  return value ? [value] : [];
}
