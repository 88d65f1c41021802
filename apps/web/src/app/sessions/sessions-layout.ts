import { Component, DestroyRef, computed, effect, inject, linkedSignal } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { NavigationEnd, Router, RouterOutlet } from '@angular/router';
import { filter, map } from 'rxjs';
import { Commands } from '../core/commands';
import { Swipe, type SwipeDirection } from '../ui/swipe';
import { RunnersStore } from '../runners/runners-store';
import { DeleteSessionDialog } from './delete-session-dialog';
import { FoldedFamilies } from './folded-families';
import { InspectorDock } from './session-page/inspector/inspector-dock';
import { sessionRows } from './session-groups';
import { SessionRail } from './session-rail/session-rail';
import { SessionsStore } from './sessions-store';

/** Up to this width one thing shows at a time; the styles below use the same limit. */
const NARROW = '(max-width: 759px)';

/** The rail beside a page. On a phone one of the two: the rail is the page `/`. */
@Component({
  selector: 'pz-sessions-layout',
  imports: [DeleteSessionDialog, RouterOutlet, SessionRail, Swipe],
  host: { '[class.list-only]': 'isList()' },
  template: `
    <main pzSwipe (swiped)="swipe($event)">
      <pz-session-rail [attr.inert]="dock.isCovering() ? '' : null" [activeId]="activeId()" />
      <div id="main" class="page" tabindex="-1"><router-outlet /></div>
    </main>
    <pz-delete-session-dialog />
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
  private readonly folded = inject(FoldedFamilies);
  protected readonly dock = inject(InspectorDock);
  private readonly url = toSignal(
    this.router.events.pipe(
      filter((event) => event instanceof NavigationEnd),
      map((event) => event.urlAfterRedirects),
    ),
    { initialValue: this.router.url },
  );
  protected readonly activeId = computed(() => /^\/s\/([^/?#]+)/.exec(this.url())?.[1]);
  protected readonly isList = computed(() => /^\/($|[?#])/.test(this.url()));

  /** Where a swipe leads from the list. */
  private readonly lastId = linkedSignal<string | undefined, string | undefined>({
    source: this.activeId,
    computation: (id, previous) => id ?? previous?.value,
  });

  constructor() {
    // Computed from the start, not lazily: it remembers what was open before.
    effect(() => void this.lastId());
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

  /** On a phone list and session are neighbours: the list lies to the left. */
  protected swipe(direction: SwipeDirection): void {
    if (!matchMedia(NARROW).matches) return;
    const last = this.lastId();
    if (direction === 'right' && this.activeId() !== undefined) void this.router.navigateByUrl('/');
    if (direction === 'left' && this.isList() && last !== undefined) void this.router.navigate(['/s', last]);
  }

  private step(by: 1 | -1): void {
    const rows = sessionRows(this.store.sessions().values(), this.runners.byId(), this.folded.ids());
    const ids = rows.flatMap((row) => (row.kind === 'session' ? [row.session.sessionId] : []));
    const index = ids.indexOf(this.activeId() ?? '');
    const next = index < 0 ? ids[0] : ids[index + by];
    if (next !== undefined) void this.router.navigate(['/s', next]);
  }
}
