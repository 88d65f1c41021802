import { Component, DestroyRef, computed, inject } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { NavigationEnd, Router, RouterOutlet } from '@angular/router';
import { filter, map } from 'rxjs';
import { Commands } from '../core/commands';
import { RunnersStore } from '../runners/runners-store';
import { sessionRows } from './session-groups';
import { SessionRail } from './session-rail/session-rail';
import { SessionsStore } from './sessions-store';

/** The rail beside a page. On a phone one of the two: the rail is the page `/`. */
@Component({
  selector: 'pz-sessions-layout',
  imports: [RouterOutlet, SessionRail],
  host: { '[class.list-only]': 'isList()' },
  template: `
    <main>
      <pz-session-rail [activeId]="activeId()" />
      <div id="main" class="page" tabindex="-1"><router-outlet /></div>
    </main>
  `,
  styles: `
    :host {
      display: block;
      height: 100%;
    }
    main {
      display: grid;
      grid-template-columns: var(--rail) minmax(0, 1fr);
      height: 100%;
    }
    pz-session-rail {
      border-right: 1px solid var(--border-soft);
    }
    .page {
      min-width: 0;
      min-height: 0;
      overflow: auto;
      outline: none;
    }
    @media (max-width: 959px) {
      main {
        grid-template-columns: 236px minmax(0, 1fr);
      }
    }
    @media (max-width: 759px) {
      main {
        grid-template-columns: minmax(0, 1fr);
      }
      pz-session-rail {
        border-right: 0;
      }
      :host(.list-only) .page,
      :host(:not(.list-only)) pz-session-rail {
        display: none;
      }
    }
  `,
})
export class SessionsLayout {
  private readonly router = inject(Router);
  private readonly store = inject(SessionsStore);
  private readonly runners = inject(RunnersStore);
  private readonly url = toSignal(
    this.router.events.pipe(
      filter((event) => event instanceof NavigationEnd),
      map((event) => event.urlAfterRedirects),
    ),
    { initialValue: this.router.url },
  );
  protected readonly activeId = computed(() => /^\/s\/([^/?#]+)/.exec(this.url())?.[1]);
  protected readonly isList = computed(() => /^\/($|[?#])/.test(this.url()));

  constructor() {
    const remove = inject(Commands).add([
      {
        id: 'next',
        label: 'Next session',
        group: 'Sessions',
        combo: 'Alt+ArrowDown',
        isListed: false,
        run: () => this.step(1),
      },
      {
        id: 'previous',
        label: 'Previous session',
        group: 'Sessions',
        combo: 'Alt+ArrowUp',
        isListed: false,
        run: () => this.step(-1),
      },
      {
        id: 'search',
        label: 'Search sessions',
        group: 'Sessions',
        combo: 'F',
        isListed: false,
        run: () => document.getElementById('session-search')?.focus(),
      },
    ]);
    inject(DestroyRef).onDestroy(remove);
  }

  private step(by: 1 | -1): void {
    const rows = sessionRows(this.store.sessions().values(), this.runners.byId());
    const ids = rows.flatMap((row) => (row.kind === 'session' ? [row.session.sessionId] : []));
    const index = ids.indexOf(this.activeId() ?? '');
    const next = index < 0 ? ids[0] : ids[index + by];
    if (next !== undefined) void this.router.navigate(['/s', next]);
  }
}
