import { Component, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { LucidePlus } from '@lucide/angular';
import type { SessionView } from '@pizzapi/protocol';
import { Auth } from '../core/auth/auth';
import { RelayConnection } from '../core/realtime/relay-connection';
import { AddRunnerPanel } from '../runners/add-runner-panel';
import { RunnersStore } from '../runners/runners-store';
import { BrandMark } from '../ui/brand-mark';
import { Button } from '../ui/button';
import { ErrorState } from '../ui/error-state';
import { Kbd } from '../ui/kbd';
import { RelativeTime } from '../ui/relative-time';
import { Skeleton } from '../ui/skeleton';
import { StatusDot } from '../ui/status-dot';
import { NewSessionLauncher } from './new-session/new-session-launcher';
import { folderText, isLive, questionsIn, sessionName, stateInList } from './session-state';
import { SessionsStore } from './sessions-store';

const MAX_LIVE = 12;

/** Beside the list while no session is open: what runs now, or the first steps. */
@Component({
  selector: 'pz-sessions-home',
  imports: [
    AddRunnerPanel,
    BrandMark,
    Button,
    ErrorState,
    Kbd,
    LucidePlus,
    RelativeTime,
    RouterLink,
    Skeleton,
    StatusDot,
  ],
  templateUrl: './sessions-home.html',
  styleUrl: './sessions-home.css',
})
export class SessionsHome {
  protected readonly store = inject(SessionsStore);
  protected readonly runners = inject(RunnersStore);
  protected readonly launcher = inject(NewSessionLauncher);
  protected readonly isLost = inject(RelayConnection).isLost;
  private readonly auth = inject(Auth);
  protected readonly firstName = computed(() => this.auth.me()?.user.name.split(' ')[0] ?? '');
  protected readonly needsRunner = computed(() => this.runners.isLoaded() && this.runners.byId().size === 0);

  private readonly active = computed(() => [...this.store.everything().values()].filter(isLive));
  /** How many sessions the card leaves out, for the list to show. */
  protected readonly hidden = computed(() => Math.max(0, this.active().length - MAX_LIVE));
  protected readonly live = computed(() => {
    return this.active()
      .sort((a, b) => urgency(a) - urgency(b) || b.updatedAt.localeCompare(a.updatedAt))
      .slice(0, MAX_LIVE)
      .map((session) => ({
        session,
        name: sessionName(session),
        state: stateInList(session),
        folder: folderText(session.cwd),
        runner: this.runners.byId().get(session.runnerId)?.name ?? '',
      }));
  });
  protected readonly summary = computed(() => {
    // Each session counts once: what it needs of somebody before what it does meanwhile.
    const others = this.active().filter((session) => questionsIn(session) === 0);
    const count = (activity: string): number => others.filter((session) => session.activity === activity).length;
    const online = this.runners.runners().filter((runner) => runner.online).length;
    return {
      working: count('working'),
      waiting: this.active().length - others.length,
      atRest: count('idle') + count('paused'),
      online,
      runners: this.runners.byId().size,
    };
  });
}

/** What waits for a person first; what waits for its runner last. */
function urgency(session: SessionView): number {
  if (session.status === 'pending') return 4;
  return questionsIn(session) > 0 ? 0 : { waiting: 0, working: 1, idle: 2, paused: 3 }[session.activity ?? 'paused'];
}
