import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadRunnerConfig } from '../../../config/runner-config.js';
import type { ParsedAnswer } from '../../../relay-link/answer.js';
import { RunnerIdentity } from '../../identity/runner-identity.js';
import { RelayApi } from '../../relay/relay-api.js';
import { RelayConnection } from '../../relay/relay-connection.js';
import { RunnerKey } from '../../relay/runner-key.js';
import { ServiceKeys } from './service-keys.js';

/** A connection whose relay answers when the test says so. */
class SlowRelay extends RelayConnection {
  readonly answer = Promise.withResolvers<ParsedAnswer<{ apiKey: string }>>();

  override get isConnected(): boolean {
    return true;
  }

  override requestServiceKey(): Promise<ParsedAnswer<{ apiKey: string }>> {
    return this.answer.promise;
  }
}

let folder: string;
let relay: SlowRelay;
let keys: ServiceKeys;
let told: (string | null)[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pizzapi-keys-'));
  const config = loadRunnerConfig({ PIZZAPI_HOME: folder, PIZZAPI_RELAY_URL: 'http://127.0.0.1:1' }, folder);
  const logger = pino({ level: 'silent' });
  const identity = new RunnerIdentity(config);
  relay = new SlowRelay(config, logger, identity, new RunnerKey(config, logger, identity, new RelayApi()));
  keys = new ServiceKeys(config, logger, relay);
  told = [];
  keys.onChange((_serviceId, apiKey) => told.push(apiKey));
  keys.want('one');
  keys.askForMissing();
});
afterEach(() => {
  keys.onApplicationShutdown();
  rmSync(folder, { recursive: true });
});

it('the key of a service is kept once the relay gives it', async () => {
  relay.answer.resolve({ ok: true, apiKey: 'key' });
  await expect.poll(() => told).toEqual(['key']);
  expect(keys.get('one')).toBe('key');
});

it('the key of a service that has gone meanwhile is not kept', async () => {
  keys.unwant('one');
  relay.answer.resolve({ ok: true, apiKey: 'key' });
  await setImmediate();
  expect([keys.get('one'), told]).toEqual([null, []]);
});
