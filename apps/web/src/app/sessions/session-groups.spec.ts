import { describe, expect, it } from 'vitest';
import { aRunner, aSession } from '../../testing/fixtures';
import { type SessionRow, sessionRows } from './session-groups';

const runners = new Map([
  ['r1', aRunner({ runnerId: 'r1', name: 'build-1' })],
  ['r2', aRunner({ runnerId: 'r2', name: 'ada-mbp', online: false })],
]);

function texts(rows: SessionRow[]): string[] {
  return rows.map((row) => {
    if (row.kind === 'session') return `${'  '.repeat(row.depth)}${row.session.name}`;
    return row.kind === 'runner' ? `[${row.name}]` : row.label;
  });
}

describe('sessionRows', () => {
  it('shows who waits first, then pinned ones, then runners with online ones before the others', () => {
    const sessions = [
      aSession({ name: 'away', runnerId: 'r2' }),
      aSession({ name: 'plain' }),
      aSession({ name: 'pinned', isPinned: true }),
      aSession({ name: 'waits', activity: 'waiting', isPinned: true }),
    ];
    expect(texts(sessionRows(sessions, runners))).toEqual([
      'Needs you',
      'waits',
      'Pinned',
      'pinned',
      '[build-1]',
      '~/code/app',
      'plain',
      '[ada-mbp]',
      '~/code/app',
      'away',
    ]);
  });

  it('puts children under their parent, wherever they run and all the way down', () => {
    const parent = aSession({ name: 'parent' });
    const child = aSession({ name: 'child', parentSessionId: parent.sessionId, activity: 'working' });
    const grandchild = aSession({ name: 'grandchild', parentSessionId: child.sessionId, status: 'failed' });
    const elsewhere = aSession({ name: 'elsewhere', parentSessionId: parent.sessionId, runnerId: 'r2', cwd: '/srv' });
    const all = [parent, child, grandchild, elsewhere];
    expect(texts(sessionRows(all, runners))).toEqual([
      '[build-1]',
      '~/code/app',
      'parent',
      '  elsewhere',
      '  child',
      '    grandchild',
    ]);
    const folded = sessionRows(all, runners, new Set([parent.sessionId]));
    expect(texts(folded)).toEqual(['[build-1]', '~/code/app', 'parent']);
    expect(folded).toMatchObject([{ count: 4 }, {}, { family: { count: 3, working: 1, failed: 1, isOpen: false } }]);
  });

  it('takes a child out of its family where it waits for a person, is pinned, or its parent is not there', () => {
    const parent = aSession({ name: 'parent', isPinned: true });
    const below = { parentSessionId: parent.sessionId };
    const child = aSession({ name: 'child', ...below });
    const waits = aSession({ name: 'waits', ...below, activity: 'waiting' });
    const pinned = aSession({ name: 'pinned', ...below, isPinned: true });
    const orphan = aSession({ name: 'orphan', parentSessionId: 'gone' });
    const rows = sessionRows([parent, child, waits, pinned, orphan], runners);
    expect(
      rows.flatMap((row) => (row.kind === 'session' && row.above !== null ? [row.session.name, row.above] : [])),
    ).toEqual(['waits', 'parent', 'pinned', 'parent']);
    expect(texts(rows)).toEqual([
      'Needs you',
      'waits',
      'Pinned',
      'pinned',
      'parent',
      '  child',
      '[build-1]',
      '~/code/app',
      'orphan',
    ]);
  });

  it('keeps every session exactly once', () => {
    const sessions = Array.from({ length: 300 }, (_, index) =>
      aSession({ runnerId: `r${index % 3}`, cwd: `/srv/${index % 7}`, isPinned: index % 11 === 0 }),
    );
    const keys = sessionRows(sessions, runners).map((row) => row.key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(sessions.every((session) => keys.includes(session.sessionId))).toBe(true);
  });
});
