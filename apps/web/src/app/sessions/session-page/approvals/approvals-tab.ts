import { Component, DestroyRef, effect, inject, output, untracked } from '@angular/core';
import { RelayConnection } from '../../../core/realtime/relay-connection';
import { ErrorState } from '../../../ui/error-state';
import { MoreItems } from '../../../ui/more-items';
import { Skeleton } from '../../../ui/skeleton';
import { ApprovalLine } from './approval-line';
import { SessionApprovals } from './session-approvals';

const RELOAD_DELAY_MS = 1_000;

/** The inspector's list of what the session's agent asks and has asked people, with the way to each card. */
@Component({
  selector: 'pz-approvals-tab',
  imports: [ApprovalLine, ErrorState, MoreItems, Skeleton],
  template: `
    <section aria-labelledby="asked-now">
      <h3 id="asked-now">Waiting</h3>
      @if (approvals.waiting().length > 0) {
        <ul role="list">
          @for (request of approvals.waiting(); track request.approvalId) {
            <li><pz-approval-line [request]="request" (chosen)="waitingChosen.emit(request.approvalId)" /></li>
          }
        </ul>
      } @else {
        <p class="faint">Nothing waits for a person.</p>
      }
    </section>
    <section aria-labelledby="asked-before" [class.pz-stale]="isLost()">
      <h3 id="asked-before">Settled</h3>
      @if (approvals.problem(); as problem) {
        <pz-error-state
          heading="What was answered could not be read"
          [cause]="problem.message"
          (retry)="approvals.reload()"
        />
      }
      @if (approvals.answered(); as list) {
        @if (list.length > 0) {
          <ul role="list">
            @for (each of list; track each.approval.approvalId) {
              <li>
                <pz-approval-line
                  [request]="each.approval"
                  [settled]="each.approval"
                  [seq]="each.seq"
                  (chosen)="shown.emit(each.seq ?? 0)"
                />
              </li>
            }
          </ul>
        } @else if (!approvals.problem()) {
          <p class="faint">
            Nothing yet. Rules say which of the agent’s tool calls a person is asked about; what was asked is listed
            here, with who answered.
          </p>
        }
        @if (approvals.hasMore()) {
          <pz-more-items [isBusy]="approvals.isLoading()" (asked)="approvals.loadMore()" />
        }
      } @else if (!approvals.problem()) {
        <pz-skeleton [lines]="3" [height]="14" />
      }
    </section>
  `,
  styles: `
    :host {
      display: block;
    }
    section + section {
      margin-top: 20px;
    }
    h3 {
      margin-bottom: 4px;
    }
    /* Rows have a frame of their own on hover; their text stays in line with the headings. */
    ul {
      margin-inline: -8px;
    }
    p {
      text-wrap: pretty;
    }
  `,
})
export class ApprovalsTab {
  /** Asks to go to the entry with this sequence number. */
  readonly shown = output<number>();
  /** Asks to show the card of a waiting question. */
  readonly waitingChosen = output<string>();
  protected readonly approvals = inject(SessionApprovals);
  private readonly connection = inject(RelayConnection);
  protected readonly isLost = this.connection.isLost;

  constructor() {
    effect(() => {
      this.connection.epoch();
      untracked(() => this.approvals.reload());
    });
    let before: readonly string[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    effect(() => {
      const now = this.approvals.waitingIds();
      const isSettled = before.some((approvalId) => !now.includes(approvalId));
      before = now;
      if (!isSettled) return;
      clearTimeout(timer);
      // The relay's list may lag behind.
      timer = setTimeout(() => this.approvals.reload(), RELOAD_DELAY_MS);
    });
    inject(DestroyRef).onDestroy(() => clearTimeout(timer));
  }
}
