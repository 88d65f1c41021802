import type { RunnerView, SessionView } from '@pizzapi/protocol';
import { folderText } from './session-state';

export type SessionRow =
  | { kind: 'heading'; key: string; label: string }
  | { kind: 'runner'; key: string; name: string; runner: RunnerView | undefined; count: number }
  | { kind: 'folder'; key: string; label: string; path: string }
  | { kind: 'session'; key: string; session: SessionView; depth: 0 | 1; isUrgent: boolean };

/**
 * The rail's rows: who waits for a person, then pinned ones, then by runner and folder with children under their
 * parents. The order inside depends only on names and creation, so that a working session never moves its neighbours.
 */
export function sessionRows(sessions: Iterable<SessionView>, runners: ReadonlyMap<string, RunnerView>): SessionRow[] {
  const rest = [...sessions].sort((a, b) => b.createdAt.localeCompare(a.createdAt));
  const urgent = take(rest, (session) => session.status === 'active' && session.activity === 'waiting');
  const pinned = take(rest, (session) => session.isPinned);
  return [
    ...section('Needs you', urgent, true),
    ...section('Pinned', pinned, false),
    ...runnerOrder(rest, runners).flatMap(([runnerId, own]) => runnerRows(runnerId, own, runners.get(runnerId))),
  ];
}

function section(label: string, sessions: SessionView[], isUrgent: boolean): SessionRow[] {
  if (sessions.length === 0) return [];
  return [{ kind: 'heading', key: `heading:${label}`, label }, ...sessions.map((session) => row(session, 0, isUrgent))];
}

function runnerOrder(sessions: SessionView[], runners: ReadonlyMap<string, RunnerView>): [string, SessionView[]][] {
  const rank = (id: string): string => {
    const runner = runners.get(id);
    return `${runner?.online ? 0 : 1}${runner?.name ?? id}`;
  };
  return [...Map.groupBy(sessions, (session) => session.runnerId)].sort(([a], [b]) => rank(a).localeCompare(rank(b)));
}

function runnerRows(runnerId: string, sessions: SessionView[], runner: RunnerView | undefined): SessionRow[] {
  const head: SessionRow = {
    kind: 'runner',
    key: `runner:${runnerId}`,
    name: runner?.name ?? 'Unknown runner',
    runner,
    count: sessions.length,
  };
  const folders = [...Map.groupBy(sessions, (session) => session.cwd)];
  return [head, ...folders.flatMap(([path, own]) => folderRows(runnerId, path, own))];
}

function folderRows(runnerId: string, path: string, sessions: SessionView[]): SessionRow[] {
  const ids = new Set(sessions.map((session) => session.sessionId));
  const isChild = ({ parentSessionId }: SessionView): boolean => parentSessionId !== null && ids.has(parentSessionId);
  const children = Map.groupBy(sessions.filter(isChild), (session) => session.parentSessionId);
  const rows = sessions
    .filter((session) => !isChild(session))
    .flatMap((session) => [
      row(session, 0, false),
      ...(children.get(session.sessionId) ?? []).map((child) => row(child, 1, false)),
    ]);
  return [{ kind: 'folder', key: `folder:${runnerId}:${path}`, label: folderText(path), path }, ...rows];
}

function row(session: SessionView, depth: 0 | 1, isUrgent: boolean): SessionRow {
  return { kind: 'session', key: session.sessionId, session, depth, isUrgent };
}

/** Moves what fits out of `list`. */
function take<T>(list: T[], fits: (item: T) => boolean): T[] {
  const taken = list.filter(fits);
  if (taken.length > 0) list.splice(0, list.length, ...list.filter((item) => !fits(item)));
  return taken;
}
