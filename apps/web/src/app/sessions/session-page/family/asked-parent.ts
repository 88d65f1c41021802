import { Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { ApprovalRequest } from '@pizzapi/protocol';
import { sessionName } from '../../session-state';
import { SessionFamily } from './session-family';

/** Who else was asked a child session's question: its parent session, and what it did about it. */
@Component({
  selector: 'pz-asked-parent',
  imports: [RouterLink],
  template: `
    @if (handedUp(); as by) {
      <p>
        Handed up by <a [routerLink]="['/s', by.sessionId]">{{ by.name }}</a>{{ why() }}
      </p>
    } @else if (parent(); as it) {
      <p>
        Its parent session <a [routerLink]="['/s', it.sessionId]">{{ it.name }}</a>
        {{ it.mayAnswer ? 'was asked too. Whoever answers first counts.' : 'knows, but only people may answer.' }}
      </p>
    }
  `,
  styles: `
    p {
      margin: 8px 0 0;
      color: var(--muted);
      font-size: 0.75rem;
      overflow-wrap: anywhere;
    }
    a {
      text-decoration: underline;
    }
  `,
})
export class AskedParent {
  readonly request = input.required<ApprovalRequest>();
  private readonly family = inject(SessionFamily);
  protected readonly handedUp = computed(() => this.request().handedUp);
  protected readonly why = computed(() => {
    const reason = this.handedUp()?.reason;
    return reason === undefined ? '.' : `: ${reason}`;
  });
  protected readonly parent = computed(() => {
    const parent = this.family.parent();
    if (!parent) return null;
    const { subject, mayParentAnswer } = this.request();
    const mayAnswer = subject.kind === 'question' ? subject.server === undefined : mayParentAnswer === true;
    return { sessionId: parent.sessionId, name: sessionName(parent), mayAnswer };
  });
}
