import { Component, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { StatusDot } from '../../../ui/status-dot';
import { RunnersStore } from '../../../runners/runners-store';
import { dollars } from '../conversation/number-words';
import { sessionName, sessionState } from '../../session-state';
import { SessionFamily } from './session-family';

/** The sessions that this one's agent started: what each does, where, and what it has cost. */
@Component({
  selector: 'pz-children-tab',
  imports: [RouterLink, StatusDot],
  template: `
    <ul role="list">
      @for (child of children(); track child.sessionId) {
        <li>
          <a [routerLink]="['/s', child.sessionId]">
            <pz-status-dot [tone]="child.state.tone" [label]="child.state.label" />
            <span class="name ell" [title]="child.name">{{ child.name }}</span>
            <span class="cost num">{{ child.cost }}</span>
            <span class="more ell">{{ child.more }}</span>
          </a>
        </li>
      }
    </ul>
    <p class="sum">{{ sum() }}</p>
  `,
  styles: `
    ul {
      margin: -6px -8px 0;
    }
    a {
      display: grid;
      grid-template-columns: 0.5rem minmax(0, 1fr) auto;
      gap: 1px 10px;
      align-items: center;
      padding: 7px 8px;
      border-radius: 6px;
      color: var(--text);
      text-decoration: none;
    }
    a:hover {
      background: var(--hover);
    }
    .more {
      grid-column: 2 / -1;
      color: var(--faint);
      font-size: 0.75rem;
    }
    .cost,
    .sum {
      color: var(--muted);
      font-size: 0.75rem;
    }
    .sum {
      margin-top: 12px;
    }
  `,
})
export class ChildrenTab {
  private readonly family = inject(SessionFamily);
  private readonly runners = inject(RunnersStore);

  protected readonly children = computed(() =>
    this.family.children().map((session) => {
      const { sessionId, runnerId, failure, status } = session;
      const state = sessionState(session);
      const runner = this.runners.byId().get(runnerId)?.name;
      const why = status === 'failed' && failure ? failure.detail : undefined;
      return {
        sessionId,
        name: sessionName(session),
        state,
        cost: dollars(session.usage?.costUsd ?? 0),
        more: [state.label, why ?? runner].filter(Boolean).join(' · '),
      };
    }),
  );
  protected readonly sum = computed(() => {
    const cost = this.family.children().reduce((sum, { usage }) => sum + (usage?.costUsd ?? 0), 0);
    const open = this.family.openCount();
    const count = open === 0 ? 'None open' : `${open} open`;
    return `${count} · ${dollars(cost)} so far`;
  });
}
