import { Component, computed, inject, output } from '@angular/core';
import { LucideGitBranch } from '@lucide/angular';
import type { BranchView } from '@pizzapi/protocol';
import { RelativeTime } from '../../../ui/relative-time';
import { branchLines } from './branch-lines';
import { SessionBranches } from './session-branches';

/** The tree of the conversation: where it forked, which way it goes now, and the way to the others. */
@Component({
  selector: 'pz-branches-tab',
  imports: [LucideGitBranch, RelativeTime],
  template: `
    @if (isBefore()) {
      <p class="note">The conversation stands before all of these.</p>
    }
    <ul role="list" aria-label="Branches of the conversation">
      @for (line of lines(); track line.branch.entryId) {
        <li [style.--depth]="line.depth" [class.current]="line.branch.isCurrent">
          <button
            type="button"
            [attr.aria-current]="line.isHere ? 'true' : null"
            [disabled]="!line.branch.isCurrent && !branches.isChangeable()"
            [title]="line.branch.isCurrent ? 'Show where it begins' : 'Go to the end of this branch'"
            (click)="go(line.branch)"
          >
            <svg lucideGitBranch size="13"></svg>
            <span class="ell words">{{ line.branch.text || 'No words' }}</span>
            <pz-relative-time class="when" [iso]="line.branch.ts" />
            <span class="more">
              <span class="num"
                ><span class="sr-only">Level {{ line.depth + 1 }}, </span>{{ line.index }} of {{ line.count }}</span
              >
              @if (line.isHere) {
                <b>You are here</b>
              }
            </span>
          </button>
        </li>
      }
    </ul>
    @if (!branches.isChangeable()) {
      <p class="note">The branch can be changed when the agent is idle.</p>
    }
  `,
  styles: `
    ul {
      margin: -6px -8px 0;
    }
    li {
      margin-inline-start: calc(min(var(--depth), 6) * 16px);
    }
    button {
      display: grid;
      grid-template-columns: 13px minmax(0, 1fr) auto;
      gap: 1px 9px;
      align-items: center;
      width: 100%;
      padding: 7px 8px;
      border: 0;
      border-radius: 6px;
      background: none;
      color: var(--muted);
      text-align: start;
    }
    button:hover:enabled {
      background: var(--hover);
    }
    button:disabled {
      cursor: default;
    }
    .current button {
      color: var(--text);
    }
    .current svg {
      color: var(--accent);
    }
    .when,
    .more,
    .note {
      color: var(--faint);
      font-size: 0.75rem;
    }
    .more {
      display: flex;
      grid-column: 2 / -1;
      gap: 8px;
    }
    b {
      color: var(--accent);
      font-weight: 500;
    }
    .note {
      margin-top: 12px;
    }
    .note:first-child {
      margin: 0 0 12px;
    }
  `,
})
export class BranchesTab {
  /** A number in the conversation to go to. */
  readonly shown = output<number>();
  protected readonly branches = inject(SessionBranches);
  protected readonly lines = computed(() => branchLines(this.branches.all()));
  protected readonly isBefore = computed(() => this.lines().every(({ branch }) => !branch.isCurrent));

  protected go({ entryId, seq, isCurrent }: BranchView): void {
    if (isCurrent) this.shown.emit(seq);
    else void this.branches.change(entryId, 'end');
  }
}
