import { Component, computed, effect, inject, input, viewChild } from '@angular/core';
import { RouterLink, RouterLinkActive } from '@angular/router';
import {
  LucideInbox,
  LucidePlus,
  LucideSearch,
  LucideSearchX,
  LucideServer,
  LucideSettings,
  LucideUsers,
  LucideX,
  LucideZap,
} from '@lucide/angular';
import { Auth } from '../../core/auth/auth';
import { RelayConnection } from '../../core/realtime/relay-connection';
import { RunnersStore } from '../../runners/runners-store';
import { HealthBadge } from '../../shell/health-badge';
import { Overlays } from '../../shell/overlays';
import { BrandMark } from '../../ui/brand-mark';
import { Button } from '../../ui/button';
import { EmptyState } from '../../ui/empty-state';
import { ErrorState } from '../../ui/error-state';
import { IconButton } from '../../ui/icon-button';
import { Kbd } from '../../ui/kbd';
import { Skeleton } from '../../ui/skeleton';
import { FoldedFamilies } from '../folded-families';
import { NewSessionLauncher } from '../new-session/new-session-launcher';
import { SeenMarks } from '../seen-marks';
import { SessionActions } from '../session-actions';
import { SessionDeletion } from '../session-deletion';
import { sessionRows } from '../session-groups';
import { SessionsStore } from '../sessions-store';
import { SessionList } from './session-list';

/** The left rail: search, the live list, and the way to everything else. */
@Component({
  selector: 'pz-session-rail',
  imports: [
    BrandMark,
    Button,
    EmptyState,
    ErrorState,
    HealthBadge,
    IconButton,
    Kbd,
    LucideInbox,
    LucidePlus,
    LucideSearch,
    LucideSearchX,
    LucideServer,
    LucideSettings,
    LucideUsers,
    LucideX,
    LucideZap,
    RouterLink,
    RouterLinkActive,
    SessionList,
    Skeleton,
  ],
  templateUrl: './session-rail.html',
  styleUrl: './session-rail.css',
})
export class SessionRail {
  readonly activeId = input<string>();
  protected readonly auth = inject(Auth);
  protected readonly store = inject(SessionsStore);
  protected readonly actions = inject(SessionActions);
  protected readonly deletion = inject(SessionDeletion);
  protected readonly launcher = inject(NewSessionLauncher);
  protected readonly overlays = inject(Overlays);
  protected readonly isLost = inject(RelayConnection).isLost;
  private readonly runners = inject(RunnersStore);
  private readonly seen = inject(SeenMarks);
  protected readonly folded = inject(FoldedFamilies);
  protected readonly list = viewChild(SessionList);

  /** Rows are grouped and ordered by runner, so they wait for the runners: otherwise they would jump. */
  protected readonly areRunnersRead = computed(() => this.runners.isLoaded() || this.runners.problem() !== null);
  protected readonly rows = computed(() =>
    this.areRunnersRead() ? sessionRows(this.store.sessions().values(), this.runners.byId(), this.folded.ids()) : [],
  );
  protected readonly isUnread = this.seen.isUnread.bind(this.seen);
  protected readonly isStale = computed(() => this.isLost() && this.store.loadedAt() !== null);

  constructor() {
    effect(() => {
      const session = this.store.session(this.activeId() ?? '');
      if (session) this.seen.markSeen(session.sessionId, session.lastEventSeq);
    });
  }

  protected toList(event: Event): void {
    event.preventDefault();
    this.list()?.focusFirst();
  }
}
