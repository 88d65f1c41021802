import { Component, inject, input } from '@angular/core';
import { LucideChevronLeft, LucideChevronRight } from '@lucide/angular';
import { type BranchPlace, SessionBranches } from './session-branches';

/** ‹ 2/3 ›: which of several messages in one place this is, and the way to the others. */
@Component({
  selector: 'pz-branch-switch',
  imports: [LucideChevronLeft, LucideChevronRight],
  host: { role: 'group', '[attr.aria-label]': '"Branch " + place().index + " of " + place().count' },
  template: `
    <button
      type="button"
      aria-label="Previous branch"
      [disabled]="place().previous === null || !branches.isChangeable()"
      (click)="go(place().previous)"
    >
      <svg lucideChevronLeft size="0.8125rem"></svg>
    </button>
    <span class="num" aria-hidden="true">{{ place().index }}/{{ place().count }}</span>
    <button
      type="button"
      aria-label="Next branch"
      [disabled]="place().next === null || !branches.isChangeable()"
      (click)="go(place().next)"
    >
      <svg lucideChevronRight size="0.8125rem"></svg>
    </button>
  `,
  styles: `
    :host {
      display: inline-flex;
      align-items: center;
      vertical-align: middle;
    }
    button {
      display: grid;
      place-items: center;
      width: 1.25rem;
      height: 1.25rem;
      padding: 0;
      border: 0;
      border-radius: 5px;
      background: none;
      color: var(--muted);
    }
    button:hover:enabled {
      background: var(--hover);
      color: var(--text);
    }
    button:disabled {
      opacity: 0.4;
      cursor: default;
    }
    @media (pointer: coarse) {
      button {
        width: 36px;
        height: 36px;
      }
    }
  `,
})
export class BranchSwitch {
  readonly place = input.required<BranchPlace>();
  protected readonly branches = inject(SessionBranches);

  protected go(entryId: string | null): void {
    if (entryId !== null) void this.branches.change(entryId, 'end');
  }
}
