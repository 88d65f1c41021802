import type { SessionView } from '@pizzapi/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { v7 } from 'uuid';
import { startCluster, type TestAccount, type TestCluster, type TestRelay } from '../../../testing/relay-fixture.js';
import { aSessionRow } from '../../../testing/session-row.js';
import { Database } from '../../platform/database/database.js';
import { SessionEntity } from './session.entity.js';

const COUNT = 10_000;
const NAMES = ['Fix the build', 'Отладка сервера', 'ÄRGER im Keller', '100% done', 'under_score'];

describe.each(['sqlite', 'postgres'] as const)('the list of 10,000 sessions on %s', (type) => {
  let cluster: TestCluster;
  let relay: TestRelay;
  let ada: TestAccount;

  beforeAll(async () => {
    cluster = await startCluster(type);
    relay = await cluster.start();
    ada = await relay.account('ada');
    const bob = await relay.account('bob');
    await fill(relay.app.get(Database), ada.userId, bob.userId);
  });
  afterAll(() => cluster[Symbol.asyncDispose]());

  const list = async (
    query: Record<string, string> = {},
  ): Promise<{ sessions: SessionView[]; nextCursor?: string }> => {
    const answer = await ada.get<{ sessions: SessionView[]; nextCursor?: string }>(
      `/api/sessions?${new URLSearchParams(query).toString()}`,
    );
    expect(answer.status).toBe(200);
    return answer.body;
  };

  it('pages through all of them once: pinned first, then the latest change first', async () => {
    const seen: SessionView[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await list({ limit: '1000', ...(cursor === undefined ? {} : { cursor }) });
      expect(page.sessions.length).toBeLessThanOrEqual(200); // clamped
      seen.push(...page.sessions);
      cursor = page.nextCursor;
      if (cursor === undefined) break;
    }
    expect(new Set(seen.map(({ sessionId }) => sessionId)).size).toBe(COUNT);
    const keys = seen.map(({ isPinned, updatedAt, sessionId }) => `${isPinned ? 1 : 0} ${updatedAt} ${sessionId}`);
    expect(keys).toEqual([...keys].sort().reverse());
    expect(seen.filter(({ isPinned }) => isPinned)).toHaveLength(10);
  });

  it.each([
    ['отЛАДКА', 'Отладка сервера'],
    ['ärger', 'ÄRGER im Keller'],
    ['100%', '100% done'],
    ['r_s', 'under_score'],
  ])('finds %j whatever its case, and takes wildcards literally', async (q, name) => {
    const { sessions } = await list({ q });
    expect(sessions.length).toBe(50);
    expect(new Set(sessions.map((session) => session.name))).toEqual(new Set([name]));
  });

  it('finds by folder and model, and filters', async () => {
    expect((await list({ q: 'project-77/' })).sessions).not.toHaveLength(0);
    expect((await list({ q: 'OPUS' })).sessions[0]?.model?.id).toBe('Opus');
    expect((await list({ q: "' OR 1=1 --" })).sessions).toHaveLength(0);
    for (const session of (await list({ status: 'failed' })).sessions) expect(session.status).toBe('failed');
    expect(await ada.get('/api/sessions?status=gone')).toMatchObject({ status: 400 });
    expect(await ada.get('/api/sessions?cursor=forged')).toMatchObject({
      status: 400,
      body: { code: 'invalid_request' },
    });
  });

  it('is fast', async () => {
    const queries: Record<string, string>[] = [{}, { q: 'keller' }, { q: 'nothing like it' }, { status: 'active' }];
    for (const query of queries) {
      await list(query);
      const times: number[] = [];
      for (let i = 0; i < 5; i++) {
        const start = performance.now();
        await list(query);
        times.push(performance.now() - start);
      }
      console.log(
        `${type} ${JSON.stringify(query)}: median ${times.sort((a, b) => a - b)[2]?.toFixed(1)} ms, max ${times.at(-1)?.toFixed(1)} ms`,
      );
    }
  });
});

async function fill(database: Database, ownerId: string, otherId: string): Promise<void> {
  const runnerId = v7();
  const rows = Array.from({ length: COUNT + 100 }, (_, i) => row(i, runnerId, i < COUNT ? ownerId : otherId));
  await database.write(async (manager) => {
    for (let at = 0; at < rows.length; at += 500) await manager.insert(SessionEntity, rows.slice(at, at + 500));
  });
  // What PostgreSQL does by itself within a minute of so many new rows.
  await database.write((manager) => manager.query('ANALYZE sessions'));
}

function row(i: number, runnerId: string, ownerId: string): SessionEntity {
  // Many of them share a time, so that pages end between equal ones.
  const createdAt = new Date(Date.UTC(2026, 10, 1) + Math.floor(i / 7) * 1_000);
  return aSessionRow(
    { ownerId, runnerId },
    {
      name: NAMES[i % NAMES.length] ?? '',
      cwd: `/srv/project-${i % 100}/app`,
      modelProvider: 'anthropic',
      modelId: i % 3 === 0 ? 'Opus' : 'Haiku',
      status: i % 10 === 0 ? 'failed' : 'ended',
      isPinned: i % 1_000 === 0,
      createdAt,
    },
  );
}
