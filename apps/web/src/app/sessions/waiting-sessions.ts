import { computed, type DestroyRef, inject, linkedSignal, Service, signal, untracked } from '@angular/core';
import { Router } from '@angular/router';
import type { SessionView } from '@pizzapi/protocol';
import { saidAnew } from '../ui/said-anew';
import { sessionName } from './session-state';
import { SessionsStore } from './sessions-store';

/** In the address of a session: its newest card that waits is shown. */
export const WAITING_FRAGMENT = 'waiting';

interface OpenPage {
  readonly sessionId: string;
  /** Goes to a card of its own; false: nothing waits. */
  readonly revealNext: () => boolean;
}

/** The sessions whose agents wait for a person, and the way to them from wherever one is. */
@Service()
export class WaitingSessions {
  private readonly router = inject(Router);
  private readonly sessions = inject(SessionsStore);
  private readonly page = signal<OpenPage | null>(null);

  /** Who was heard of last comes first. */
  readonly all = computed((): readonly SessionView[] =>
    [...this.sessions.everything().values()]
      .filter(({ status, activity }) => status === 'active' && activity === 'waiting')
      .sort((a, b) => b.updatedAt.localeCompare(a.updatedAt)),
  );
  readonly count = computed(() => this.all().length);
  /** What a screen reader is told: who began to wait, of those that are not looked at. Taken back when nobody waits. */
  readonly announcement = linkedSignal<readonly SessionView[], string>({
    source: this.all,
    computation: (now, before) => {
      // With its time: one may have been answered and have asked again between two views of it.
      const wait = ({ sessionId, updatedAt }: SessionView): string => `${sessionId} ${updatedAt}`;
      const known = new Set(before?.source.map(wait));
      const isShown = (sessionId: string): boolean => sessionId === untracked(this.page)?.sessionId;
      const names = now
        .filter((session) => !known.has(wait(session)) && !isShown(session.sessionId))
        .map((session) => sessionName(session));
      if (names.length === 0) return now.length === 0 ? '' : (before?.value ?? '');
      return saidAnew(`${names.join(', ')} ${names.length === 1 ? 'waits' : 'wait'} for you`, before?.value);
    },
  });

  /** The page of a session is open until it is destroyed. */
  open(sessionId: string, revealNext: () => boolean, destroyRef: DestroyRef): void {
    const page = { sessionId, revealNext };
    this.page.set(page);
    destroyRef.onDestroy(() => {
      if (this.page() === page) this.page.set(null);
    });
  }

  /** To a card of the open page, or to the page of a session that waits. */
  go(): void {
    if (this.page()?.revealNext() === true) return;
    const next = this.all().find(({ sessionId }) => sessionId !== this.page()?.sessionId);
    if (next !== undefined) void this.router.navigate(['/s', next.sessionId], { fragment: WAITING_FRAGMENT });
  }
}
