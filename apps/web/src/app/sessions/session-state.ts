import type { SessionView } from '@pizzapi/protocol';
import type { DotTone } from '../ui/status-dot';

export interface SessionState {
  /** As in “working”, “waiting for you”, “ended”. */
  label: string;
  tone: DotTone;
  /** What the word alone does not say. */
  meaning?: string;
}

const ACTIVE: Record<NonNullable<SessionView['activity']>, SessionState> = {
  working: { label: 'working', tone: 'working' },
  waiting: { label: 'waiting for you', tone: 'waiting' },
  idle: { label: 'idle', tone: 'idle' },
  paused: {
    label: 'paused',
    tone: 'away',
    meaning: 'Its agent’s process was unloaded after a long rest. A message or a trigger brings it back in a moment.',
  },
};

const STOPPED_WITH_RUNNER: SessionState = {
  label: 'paused',
  tone: 'away',
  meaning: 'Its agent’s process ended with its runner, and comes back with it.',
};

/** Words and dot for a session's status and activity. Its connection is a fact of its own: {@link isRunnerAway}. */
export function sessionState(
  session: Pick<SessionView, 'status' | 'activity' | 'isConnected' | 'lastEventSeq' | 'isHeld'>,
): SessionState {
  switch (session.status) {
    case 'active':
      if (session.activity) return ACTIVE[session.activity];
      // Its worker ended with the runner's process and will come back with it; one that has never connected is still starting.
      return session.lastEventSeq > 0 && !session.isConnected
        ? STOPPED_WITH_RUNNER
        : { label: 'starting', tone: 'working' };
    case 'pending':
      return { label: session.isHeld ? 'waiting for its turn' : 'waiting to start', tone: 'away' };
    case 'ended':
      return { label: 'ended', tone: 'idle' };
    case 'failed':
      return { label: 'failed', tone: 'bad' };
    case 'cancelled':
      return { label: 'cancelled', tone: 'idle' };
  }
}

/** The session lives, but its worker is not attached to a relay. */
export function isRunnerAway(session: Pick<SessionView, 'status' | 'activity' | 'isConnected'>): boolean {
  return session.status === 'active' && !session.isConnected && session.activity !== 'paused';
}

/**
 * How many of its questions wait for a person. A session that waits without saying for what counts as one. Whether it may use a plugin of the
 * project is asked while its agent works or is idle.
 */
export function questionsIn({
  status,
  activity,
  questions,
}: Pick<SessionView, 'status' | 'activity' | 'questions'>): number {
  if (status !== 'active') return 0;
  if (activity === 'waiting') return Math.max(1, questions?.count ?? 1);
  return activity === 'idle' || activity === 'working' ? (questions?.count ?? 0) : 0;
}

/** As {@link sessionState}, where nothing else shows that somebody is asked something for which the agent does not wait. */
export function stateInList(session: SessionView): SessionState {
  const state = sessionState(session);
  if (state.tone === 'waiting' || questionsIn(session) === 0) return state;
  return { ...state, label: `${state.label}, needs an answer`, tone: 'waiting' };
}

/** Whether it can be stopped: it runs, or it waits for its runner. */
export function isLive(session: Pick<SessionView, 'status'>): boolean {
  return session.status === 'active' || session.status === 'pending';
}

/** It ended after it had begun, or could not begin. One that was cancelled before it ran is started as a new session instead. */
export function canResume({ status }: Pick<SessionView, 'status'>): boolean {
  return status === 'ended' || status === 'failed';
}

/** It has a conversation that a fork could take over. */
export function hasBegun({ lastEventSeq }: Pick<SessionView, 'lastEventSeq'>): boolean {
  return lastEventSeq > 0;
}

/** `/home/ada/code/app` reads `~/code/app`. Without a folder the runner chooses its first root when the session starts. */
export function folderText(path: string): string {
  if (path === '') return 'first root';
  return path.replace(/^(\/home\/[^/]+|\/Users\/[^/]+|\/root)(?=\/|$)/, '~');
}

/** What to call a session that has no name yet. */
export function sessionName(session: Pick<SessionView, 'name' | 'cwd'>): string {
  return session.name.trim() || session.cwd.split('/').at(-1) || 'New session';
}
