import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { SessionView } from '@pizzapi/protocol';
import { PostgresServer, RelayApi } from '@pizzapi/testing';
import { atMost, type Figure } from '../../measure/figure.js';
import { type Spread, spreadOf } from '../../measure/statistics.js';
import type { Suite } from '../../measure/suite.js';
import { createSession, openAccount } from '../../product/account.js';
import { RelayProcess } from '../../product/relay-process.js';
import { seedPostgres, seedSqlite } from './seed-sessions.js';

const SESSIONS = 10_000;
const REQUESTS = 40;
const WARM_UP = 5;
const QUERIES = [
  { name: 'first page', path: '/api/sessions' },
  { name: 'search, one found', path: `/api/sessions?q=${encodeURIComponent('session 7777 about')}` },
  { name: 'search, many found', path: '/api/sessions?q=sockets' },
  { name: 'search, none found', path: '/api/sessions?q=nowhere' },
];

/** The list of sessions and its search, as REST answers them. */
export const sessionList: Suite = {
  name: 'session-list',
  budgetS: 60,
  run: async ({ folder, say }) => {
    say('SQLite');
    const home = join(folder, 'sqlite');
    const figures = await measure('SQLite', home, {}, async () =>
      seedSqlite(join(home, 'relay', 'pizzapi.db'), SESSIONS),
    );
    if (!existsSync('/usr/lib/postgresql')) {
      say('PostgreSQL is not installed here; left out');
      return figures;
    }
    say('PostgreSQL');
    await using database = await PostgresServer.start();
    const env = { DATABASE_URL: database.url };
    return [
      ...figures,
      ...(await measure('PostgreSQL', join(folder, 'postgres'), env, () => seedPostgres(database.url, SESSIONS))),
    ];
  },
};

async function measure(
  database: string,
  home: string,
  env: Record<string, string>,
  seed: () => Promise<void>,
): Promise<Figure[]> {
  const { apiKey, baseline } = await withOneSession(home, env);
  await seed();
  await using relay = await RelayProcess.start({ home, env });
  const api = new RelayApi(relay.url, apiKey);
  const figures: Figure[] = [];
  for (const { name, path } of QUERIES) {
    figures.push({
      name: `GET /api/sessions, ${name}, of ${SESSIONS} on ${database}`,
      unit: 'ms',
      value: await time(api, path),
      baseline: { name: 'with one session', value: baseline },
      bar: atMost(200),
    });
  }
  return figures;
}

async function withOneSession(
  home: string,
  env: Record<string, string>,
): Promise<{ apiKey: string; baseline: Spread }> {
  await using relay = await RelayProcess.start({ home, env });
  const { api, runner } = await openAccount(relay.url);
  await createSession(api, runner.runnerId);
  const baseline = await time(api, '/api/sessions');
  runner.stop();
  return { apiKey: api.apiKey ?? '', baseline };
}

async function time(api: RelayApi, path: string): Promise<Spread> {
  const tookMs: number[] = [];
  for (let at = 0; at < WARM_UP + REQUESTS; at++) {
    const startedAt = performance.now();
    const { status } = await api.get<{ sessions: SessionView[] }>(path);
    if (status !== 200) throw new Error(`GET ${path} was answered ${status}.`);
    if (at >= WARM_UP) tookMs.push(performance.now() - startedAt);
  }
  return spreadOf(tookMs);
}
