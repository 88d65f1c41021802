import { Component, inject, input, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { LucidePlus, LucideServer, LucideX } from '@lucide/angular';
import { RelayConnection } from '../core/realtime/relay-connection';
import { TableView } from '../core/table-view';
import { BackLink } from '../ui/back-link';
import { Button } from '../ui/button';
import { EmptyState } from '../ui/empty-state';
import { ErrorState } from '../ui/error-state';
import { RelativeTime } from '../ui/relative-time';
import { Skeleton } from '../ui/skeleton';
import { SortHeader } from '../ui/sort-header';
import { StatusDot } from '../ui/status-dot';
import { TableFilter } from '../ui/table-filter';
import { AddRunnerPanel } from './add-runner-panel';
import { RunnersStore } from './runners-store';

/** All machines that agents can run on. */
@Component({
  selector: 'pz-runners-page',
  imports: [
    AddRunnerPanel,
    BackLink,
    Button,
    EmptyState,
    ErrorState,
    LucidePlus,
    LucideServer,
    LucideX,
    RelativeTime,
    RouterLink,
    Skeleton,
    SortHeader,
    StatusDot,
    TableFilter,
  ],
  template: `
    <div class="pz-page">
      <pz-back-link to="/">Sessions</pz-back-link>
      <header class="pz-page-head">
        <h1>Runners</h1>
        <button
          pzButton
          [variant]="isAdding() ? 'plain' : 'primary'"
          type="button"
          [attr.aria-expanded]="isAdding()"
          (click)="isAdding.set(!isAdding())"
        >
          @if (isAdding()) {
            <svg lucideX></svg>Close
          } @else {
            <svg lucidePlus></svg>Add a runner
          }
        </button>
      </header>
      @if (isAdding()) {
        <pz-add-runner-panel />
      }
      @if (store.problem(); as problem) {
        <pz-error-state
          heading="The list of runners could not be read"
          [cause]="problem.message"
          [reference]="problem.requestId"
          (retry)="store.reload()"
        />
      }
      @if (store.runners().length > 0) {
        <div class="pz-card" [class.pz-stale]="isLost()">
          <pz-table-filter
            label="Find runners"
            by="name, folder or version"
            [query]="q()"
            [found]="table.rows()?.length ?? 0"
            [all]="store.runners().length"
            (changed)="table.filterBy($event)"
          />
          <table class="pz-table num">
            <thead>
              <tr>
                <th pzSort="name" [sort]="sort()" (sorted)="table.sortBy($event)">Runner</th>
                <th pzSort="seen" [sort]="sort()" (sorted)="table.sortBy($event)">State</th>
                <th scope="col" class="wide">Folders</th>
                <th pzSort="version" class="wide" [sort]="sort()" (sorted)="table.sortBy($event)">Version</th>
                <th pzSort="sessions" class="end" [sort]="sort()" (sorted)="table.sortBy($event)">Sessions</th>
              </tr>
            </thead>
            <tbody>
              @for (runner of table.rows(); track runner.runnerId) {
                <tr>
                  <td class="name">
                    <a [routerLink]="['/runners', runner.runnerId, 'overview']"
                      ><b>{{ runner.name }}</b></a
                    >
                    <span class="faint platform">{{ runner.platform }}</span>
                  </td>
                  <td data-label="State">
                    <span class="state">
                      <pz-status-dot
                        [tone]="runner.online ? 'ok' : 'away'"
                        [label]="runner.online ? 'online' : 'away'"
                      />
                      @if (runner.online) {
                        online
                      } @else if (runner.lastSeenAt) {
                        <span class="muted">away, seen <pz-relative-time [iso]="runner.lastSeenAt" form="long" /></span>
                      } @else {
                        <span class="muted">never connected</span>
                      }
                    </span>
                  </td>
                  <td class="wide">
                    <code class="muted">{{ runner.roots.join(', ') }}</code>
                  </td>
                  <td class="wide muted">{{ runner.version }}</td>
                  <td class="end" data-label="Sessions">{{ runner.sessionCount }}</td>
                </tr>
              } @empty {
                <tr>
                  <td colspan="5" class="muted">No runners match.</td>
                </tr>
              }
            </tbody>
          </table>
        </div>
      } @else if (!store.isLoaded() && !store.problem()) {
        <pz-skeleton [lines]="4" [height]="18" />
      } @else if (!store.problem() && !isAdding()) {
        <div class="pz-card">
          <pz-empty-state
            heading="No runner yet"
            text="A runner is a machine of yours on which agents work. It connects outward to this relay, so nothing needs to be opened."
          >
            <svg lucideServer size="1.125rem"></svg>
            <button pzButton variant="primary" type="button" (click)="isAdding.set(true)">
              <svg lucidePlus></svg>Add a runner
            </button>
          </pz-empty-state>
        </div>
      }
    </div>
  `,
  styles: `
    .state {
      display: inline-flex;
      align-items: center;
      gap: 8px;
      vertical-align: top;
      white-space: nowrap;
    }
    td a {
      color: var(--text);
    }
    b {
      font-weight: 500;
    }
    code {
      overflow-wrap: anywhere;
    }
    .platform {
      margin-inline-start: 8px;
      font-size: 0.75rem;
    }
    @media (max-width: 900px) {
      .wide {
        display: none;
      }
    }
    @media (max-width: 759px) {
      .state {
        white-space: normal;
      }
    }
  `,
})
export class RunnersPage {
  /** Of the address. */
  readonly sort = input<string>();
  readonly q = input<string>();
  protected readonly store = inject(RunnersStore);
  protected readonly table = new TableView(
    this.store.runners,
    this,
    {
      name: ({ name }) => name,
      // Those that are there now, then the latest seen.
      seen: ({ online, lastSeenAt }) => (online ? Number.NEGATIVE_INFINITY : lastSeenAt && -Date.parse(lastSeenAt)),
      version: ({ version }) => version,
      sessions: ({ sessionCount }) => sessionCount,
    },
    ({ name, platform, version, roots }) => [name, platform, version, ...roots].join(' '),
  );
  protected readonly isLost = inject(RelayConnection).isLost;
  protected readonly isAdding = signal(false);
}
