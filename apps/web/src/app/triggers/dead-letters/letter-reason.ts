import { Component, computed, input } from '@angular/core';
import { LucideHourglass, LucideTriangleAlert, LucideUnlink } from '@lucide/angular';
import type { DeadLetterView } from '@pizzapi/protocol';
import { reasonKind, reasonWords } from './letter-words';

/** Why a delivery died, with an icon for the kind: something broke, somebody was away too long, or no recipient is left. */
@Component({
  selector: 'pz-letter-reason',
  imports: [LucideHourglass, LucideTriangleAlert, LucideUnlink],
  host: { '[attr.data-kind]': 'kind()' },
  template: `
    @switch (kind()) {
      @case ('broken') {
        <svg lucideTriangleAlert></svg>
      }
      @case ('away') {
        <svg lucideHourglass></svg>
      }
      @case ('gone') {
        <svg lucideUnlink></svg>
      }
    }
    <span>{{ words() }}</span>
  `,
  styles: `
    :host {
      display: flex;
      align-items: center;
      gap: 7px;
      color: var(--muted);
    }
    svg {
      flex: none;
    }
    :host([data-kind='broken']) {
      color: var(--bad);
    }
    :host([data-kind='away']) {
      color: var(--warn);
    }
  `,
})
export class LetterReason {
  readonly letter = input.required<DeadLetterView>();
  protected readonly kind = computed(() => reasonKind(this.letter()));
  protected readonly words = computed(() => reasonWords(this.letter()));
}
