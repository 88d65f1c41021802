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

  it('puts children under their parent of the same folder', () => {
    const parent = aSession({ name: 'parent' });
    const child = aSession({ name: 'child', parentSessionId: parent.sessionId });
    const elsewhere = aSession({ name: 'elsewhere', parentSessionId: parent.sessionId, cwd: '/srv/other' });
    const rows = texts(sessionRows([parent, child, elsewhere], runners));
    expect(rows).toEqual(['[build-1]', '/srv/other', 'elsewhere', '~/code/app', 'parent', '  child']);
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
