import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { PostgresServer, RedisServer, RelayApi, removeFolder, temporaryFolder } from '@pizzapi/testing';
import { v7 } from 'uuid';
import { createRelay } from '../src/bootstrap.js';
import { ApiKeyRepository, MemberEntity, UserEntity } from '../src/modules/auth/index.js';
import { Database } from '../src/platform/database/database.js';

/** A relay in this process, on a free port. */
export interface TestRelay {
  app: NestExpressApplication;
  url: string;
  /** A new account, and an API with its key. */
  account(name: string): Promise<TestAccount>;
  stop(): Promise<void>;
}
export type TestAccount = RelayApi & { userId: string };

/** Relays that share a Redis and a database, as replicas do. */
export interface TestCluster extends AsyncDisposable {
  redis: RedisServer;
  start(env?: Record<string, string>): Promise<TestRelay>;
}

/** @param database Several relays need `postgres`: SQLite is one relay's own. */
export async function startCluster(database: 'sqlite' | 'postgres' = 'sqlite'): Promise<TestCluster> {
  const postgres = database === 'postgres' ? await PostgresServer.start() : null;
  const folder = await temporaryFolder('relay');
  const redis = await RedisServer.start();
  const relays: TestRelay[] = [];
  return {
    redis,
    async start(env = {}) {
      const relay = await startRelay({
        PIZZAPI_HOME: folder,
        PIZZAPI_PORT: '0',
        PIZZAPI_LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
        REDIS_URL: redis.url,
        DATABASE_URL: postgres?.url ?? `sqlite:${join(folder, 'test.db')}`,
        PIZZAPI_SECRET_KEY: 'a-secret-of-tests-long-enough-for-the-relay',
        ...env,
      });
      relays.push(relay);
      return relay;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(relays.map((relay) => relay.stop()));
      await redis.stop();
      await postgres?.stop();
      await removeFolder(folder);
    },
  };
}

let made: Promise<unknown> = Promise.resolve();

/** The environment is read once, while the relay is made: one after the other, and afterwards it is as before. */
function makeRelay(env: Record<string, string>): Promise<NestExpressApplication> {
  const making = made.then(async () => {
    const before = { ...process.env };
    Object.assign(process.env, env);
    try {
      return await createRelay();
    } finally {
      for (const name of Object.keys(env)) {
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
      }
    }
  });
  made = making.catch(() => undefined); // whoever starts it is told
  return making;
}

async function startRelay(env: Record<string, string>): Promise<TestRelay> {
  const app = await makeRelay(env);
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  let stopping: Promise<void> | null = null;
  return {
    app,
    url,
    account: (name) => createAccount(app, url, name),
    stop: () => (stopping ??= app.close()),
  };
}

/** Straight into the tables: registration has tests of its own. */
async function createAccount(app: NestExpressApplication, url: string, name: string): Promise<TestAccount> {
  const [userId, organisationId] = [`usr_${v7()}`, `org_${v7()}`];
  const { key } = await app.get(Database).write(async (manager) => {
    await manager.query(
      `INSERT INTO organisations (organisation_id, name, created_at) VALUES ('${organisationId}', '${name}', '${new Date().toISOString()}')`,
    );
    await manager.insert(UserEntity, {
      userId,
      name,
      email: `${name}@example.com`,
      passwordHash: '-',
      createdAt: new Date(),
    });
    await manager.insert(MemberEntity, { userId, organisationId, role: 'owner', joinedAt: new Date() });
    return app
      .get(ApiKeyRepository, { strict: false })
      .create(manager, { operationId: v7(), name: 'test', ownerId: userId, organisationId });
  });
  return Object.assign(new RelayApi(url, key), { userId });
}
