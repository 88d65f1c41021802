import { computed, type DestroyRef, inject, linkedSignal, Service, signal, untracked } from '@angular/core';
import { Router } from '@angular/router';
import type { SessionView } from '@pizzapi/protocol';
import { saidAnew } from '../ui/said-anew';
import { questionsIn, sessionName } from './session-state';
import { SessionsStore } from './sessions-store';

/** The fragment of a session's address that shows its newest waiting card. */
export const WAITING_FRAGMENT = 'waiting';

interface OpenPage {
  readonly sessionId: string;
  /** Goes to one of its own cards; false if nothing waits, or if all were visited and `mayLeave`. */
  readonly revealNext: (mayLeave: boolean) => boolean;
}

function askingWords(session: SessionView): string {
  const count = questionsIn(session);
  return count === 1 ? sessionName(session) : `${sessionName(session)} with ${count} questions`;
}

/** The sessions with questions for a person, and the way to them from any page. */
@Service()
export class WaitingSessions {
  private readonly router = inject(Router);
  private readonly sessions = inject(SessionsStore);
  private readonly page = signal<OpenPage | null>(null);

  /** The session heard from last comes first. */
  readonly all = computed((): readonly SessionView[] =>
    [...this.sessions.everything().values()]
      .filter((session) => questionsIn(session) > 0)
      .sort((a, b) => b.updatedAt.localeCompare(a.updatedAt)),
  );
  /** All of their questions. */
  readonly count = computed(() => this.all().reduce((sum, session) => sum + questionsIn(session), 0));
  /** What a screen reader is told: which sessions, other than the open one, began to wait or ask something more. Cleared when none waits. */
  readonly announcement = linkedSignal<readonly SessionView[], string>({
    source: this.all,
    computation: (now, before) => {
      // Compared by the last question: between two views a session may have been answered and have asked again.
      const wait = ({ sessionId, updatedAt, questions }: SessionView): string =>
        `${sessionId} ${questions?.latestId ?? updatedAt}`;
      const known = new Set(before?.source.map(wait));
      const isShown = (sessionId: string): boolean => sessionId === untracked(this.page)?.sessionId;
      const fresh = now.filter((session) => !known.has(wait(session)) && !isShown(session.sessionId));
      if (fresh.length === 0) return now.length === 0 ? '' : (before?.value ?? '');
      return saidAnew(
        `${fresh.map(askingWords).join(', ')} ${fresh.length === 1 ? 'waits' : 'wait'} for you`,
        before?.value,
      );
    },
  });

  /** The page of a session is open until it is destroyed. */
  open(sessionId: string, revealNext: OpenPage['revealNext'], destroyRef: DestroyRef): void {
    const page = { sessionId, revealNext };
    this.page.set(page);
    destroyRef.onDestroy(() => {
      if (this.page() === page) this.page.set(null);
    });
  }

  /** Goes to the next card of the open page; after its last one, or if it has none, to the page of the next waiting session. */
  go(): void {
    const page = this.page();
    const isElsewhere = ({ sessionId }: SessionView): boolean => sessionId !== page?.sessionId;
    const here = this.all().findIndex((session) => !isElsewhere(session));
    const next = [...this.all().slice(here + 1), ...this.all().slice(0, here + 1)].find(isElsewhere);
    if (page?.revealNext(next !== undefined) === true) return;
    if (next !== undefined) void this.router.navigate(['/s', next.sessionId], { fragment: WAITING_FRAGMENT });
  }
}
