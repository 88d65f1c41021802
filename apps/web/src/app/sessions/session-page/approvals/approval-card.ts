import { afterNextRender, Component, effect, ElementRef, inject, Injector, input } from '@angular/core';
import type { ApprovalRow } from '../conversation/row';
import { ConsentForm } from './consent-form';
import { QuestionForm } from './question-form';
import { SessionApprovals } from './session-approvals';
import { SettledApprovalRow } from './settled-approval-row';
import { ToolApproval } from './tool-approval';

/** A question of the agent to its person, while it waits and when it is settled. */
@Component({
  selector: 'pz-approval-card',
  imports: [ConsentForm, QuestionForm, SettledApprovalRow, ToolApproval],
  host: { tabindex: '-1', '[class.settled]': 'row().settled !== null' },
  template: `
    @if (row().settled; as settled) {
      <pz-settled-approval-row [approval]="settled" />
    } @else {
      @let request = row().request;
      @if (request.subject.kind === 'tool') {
        <pz-tool-approval [request]="request" [subject]="request.subject" />
      } @else if (request.subject.kind === 'consent') {
        <pz-consent-form [request]="request" [subject]="request.subject" />
      } @else {
        <pz-question-form [request]="request" [subject]="request.subject" />
      }
    }
  `,
  styles: `
    :host {
      display: block;
      outline-offset: 3px;
    }
    /* There is nothing to do at it; the focus only keeps its place here. */
    :host(.settled) {
      outline: none;
    }
  `,
})
export class ApprovalCard {
  readonly row = input.required<ApprovalRow>();
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef);
  private readonly injector = inject(Injector);
  private readonly approvals = inject(SessionApprovals);

  /** What had the focus before somebody went to the card, usually the composer. */
  private cameFrom: HTMLElement | null = null;

  constructor() {
    // Before the buttons disappear: the focus returns to where it was, or stays on the card.
    effect(() => {
      const isSettled = this.row().settled !== null;
      const card = this.host.nativeElement;
      if (!isSettled || !card.contains(document.activeElement)) return;
      const place = this.cameFrom?.isConnected === true ? this.cameFrom : card;
      afterNextRender(() => place.focus({ preventScroll: true }), { injector: this.injector });
    });
    // Going to a card focuses where it is answered, but never a yes.
    effect(() => {
      const { approvalId } = this.row().request;
      if (this.approvals.wanted() !== approvalId) return;
      afterNextRender(() => this.takeFocus(approvalId), { injector: this.injector });
    });
  }

  private takeFocus(approvalId: string): void {
    const card = this.host.nativeElement;
    this.cameFrom = placeToReturnTo() ?? this.cameFrom;
    const first = card.querySelector<HTMLElement>('input, textarea, .acts button') ?? card;
    first.focus({ preventScroll: true });
    this.approvals.arrived(approvalId);
  }
}

/** Never another card: a letter typed once too often would answer that. */
function placeToReturnTo(): HTMLElement | null {
  const place = document.activeElement;
  const isAnother = place?.closest('pz-approval-card') !== null;
  return place instanceof HTMLElement && place !== document.body && !isAnother ? place : null;
}
