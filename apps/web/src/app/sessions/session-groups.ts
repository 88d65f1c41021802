import type { RunnerView, SessionView } from '@pizzapi/protocol';
import { folderText, questionsIn, sessionName } from './session-state';

export type SessionRow =
  /** `count`: how many questions wait, for the group of sessions that wait. */
  | { kind: 'heading'; key: string; label: string; count: number | null }
  | { kind: 'runner'; key: string; name: string; runner: RunnerView | undefined; count: number }
  | { kind: 'folder'; key: string; label: string; path: string }
  | SessionLine;

interface SessionLine {
  kind: 'session';
  key: string;
  session: SessionView;
  /** How many of its ancestors stand above it. */
  depth: number;
  isUrgent: boolean;
  /** Its parent's name, if it is not listed below that. */
  above: string | null;
  /** Its descendants in the list; null if there are none. */
  family: Family | null;
}

/** A session's descendants in the list. */
export interface Family {
  readonly count: number;
  readonly working: number;
  readonly failed: number;
  readonly isOpen: boolean;
}

/**
 * The rail's rows: sessions that wait for a person, then pinned ones, then by runner and folder. Children stand below their parents, wherever they run. The
 * order inside depends only on names and creation, so that a working session never moves its neighbours.
 * @param folded the parents whose children are out of sight
 */
export function sessionRows(
  sessions: Iterable<SessionView>,
  runners: ReadonlyMap<string, RunnerView>,
  folded: ReadonlySet<string> = new Set(),
): SessionRow[] {
  const rest = [...sessions].sort((a, b) => b.createdAt.localeCompare(a.createdAt));
  const names = new Map(rest.map((session) => [session.sessionId, sessionName(session)]));
  const urgent = take(rest, (session) => questionsIn(session) > 0);
  const ids = new Set(rest.map(({ sessionId }) => sessionId));
  const isBelow = ({ parentSessionId, isPinned }: SessionView): boolean =>
    parentSessionId !== null && ids.has(parentSessionId) && !isPinned;
  const families = Map.groupBy(rest.filter(isBelow), ({ parentSessionId }) => parentSessionId ?? '');
  const tree = new Tree(families, folded, names);
  const roots = rest.filter((session) => !isBelow(session));
  const pinned = take(roots, (session) => session.isPinned);
  return [
    ...section(
      'Needs you',
      urgent.map((session) => urgentLine(session, names)),
      urgent.reduce((sum, session) => sum + questionsIn(session), 0),
    ),
    ...section(
      'Pinned',
      pinned.flatMap((session) => tree.lines(session)),
    ),
    ...runnerOrder(roots, runners).flatMap(([id, own]) => runnerRows(id, own, runners.get(id), tree)),
  ];
}

/** Which sessions are listed below which. */
class Tree {
  constructor(
    private readonly children: ReadonlyMap<string, readonly SessionView[]>,
    private readonly folded: ReadonlySet<string>,
    private readonly names: ReadonlyMap<string, string>,
  ) {}

  /** A session and those of its descendants that are not folded away. */
  lines(session: SessionView, depth = 0): SessionLine[] {
    const { sessionId } = session;
    const below = this.below(sessionId);
    const family = below.length === 0 ? null : this.family(below, sessionId);
    const above = depth > 0 ? null : nameAbove(session, this.names);
    const line: SessionLine = { kind: 'session', key: sessionId, session, depth, isUrgent: false, above, family };
    if (family?.isOpen !== true) return [line];
    return [line, ...(this.children.get(sessionId) ?? []).flatMap((child) => this.lines(child, depth + 1))];
  }

  /** All descendants. */
  below(sessionId: string): SessionView[] {
    return (this.children.get(sessionId) ?? []).flatMap((child) => [child, ...this.below(child.sessionId)]);
  }

  private family(below: readonly SessionView[], sessionId: string): Family {
    const working = below.filter(({ status, activity }) => status === 'active' && activity === 'working').length;
    const failed = below.filter(({ status }) => status === 'failed').length;
    return { count: below.length, working, failed, isOpen: !this.folded.has(sessionId) };
  }
}

function section(label: string, lines: SessionLine[], count: number | null = null): SessionRow[] {
  return lines.length === 0 ? [] : [{ kind: 'heading', key: `heading:${label}`, label, count }, ...lines];
}

function urgentLine(session: SessionView, names: ReadonlyMap<string, string>): SessionLine {
  const above = nameAbove(session, names);
  return { kind: 'session', key: session.sessionId, session, depth: 0, isUrgent: true, above, family: null };
}

function nameAbove({ parentSessionId }: SessionView, names: ReadonlyMap<string, string>): string | null {
  return parentSessionId === null ? null : (names.get(parentSessionId) ?? null);
}

function runnerOrder(sessions: SessionView[], runners: ReadonlyMap<string, RunnerView>): [string, SessionView[]][] {
  const rank = (id: string): string => {
    const runner = runners.get(id);
    return `${runner?.online ? 0 : 1}${runner?.name ?? id}`;
  };
  return [...Map.groupBy(sessions, (session) => session.runnerId)].sort(([a], [b]) => rank(a).localeCompare(rank(b)));
}

function runnerRows(runnerId: string, roots: SessionView[], runner: RunnerView | undefined, tree: Tree): SessionRow[] {
  const head: SessionRow = {
    kind: 'runner',
    key: `runner:${runnerId}`,
    name: runner?.name ?? 'Unknown runner',
    runner,
    count: roots.reduce((sum, { sessionId }) => sum + 1 + tree.below(sessionId).length, 0),
  };
  const folders = [...Map.groupBy(roots, (session) => session.cwd)];
  return [head, ...folders.flatMap(([path, own]) => folderRows(runnerId, path, own, tree))];
}

function folderRows(runnerId: string, path: string, roots: SessionView[], tree: Tree): SessionRow[] {
  const head: SessionRow = { kind: 'folder', key: `folder:${runnerId}:${path}`, label: folderText(path), path };
  return [head, ...roots.flatMap((session) => tree.lines(session))];
}

/** Moves what fits out of `list`. */
function take<T>(list: T[], fits: (item: T) => boolean): T[] {
  const taken = list.filter(fits);
  if (taken.length > 0) list.splice(0, list.length, ...list.filter((item) => !fits(item)));
  return taken;
}
