import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  copySpecSample,
  RelayApi,
  RelayProcess,
  removeFolder,
  RunnerProcess,
  temporaryFolder,
  waitFor,
} from '@pizzapi/testing';
import type { RunnerView, ServiceInfo, ServiceLog, TriggerHistoryEntry } from '@pizzapi/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** The specification's sample, unmodified, on the built relay and runner. */
describe('a service', () => {
  let home: string;
  let relay: RelayProcess;
  let owner: RelayApi;
  let runner: RunnerProcess;

  beforeAll(async () => {
    home = await temporaryFolder('services');
    await copySpecSample(join(home, 'runner', 'services'));
    relay = await RelayProcess.start({ home: join(home, 'relay') });
    owner = await new RelayApi(relay.url).register('ada@example.com');
    runner = await RunnerProcess.start({
      home: join(home, 'runner'),
      relayUrl: relay.url,
      roots: [home],
      apiKey: owner.apiKey ?? '',
      env: { HOME: home },
    });
  });
  afterAll(async () => {
    await runner.stop();
    await relay.stop();
    await removeFolder(home);
  });

  const path = (rest = ''): string => `/api/runners/${runner.runnerId}${rest}`;
  const info = async (): Promise<ServiceInfo | undefined> =>
    (await owner.get<{ services: ServiceInfo[] }>(path('/services'))).body.services[0];
  const panelPort = async (): Promise<number | undefined> => (await owner.get<RunnerView>(path())).body.panels[0]?.port;
  /** The services that have one. */
  const keys = async (): Promise<string[]> =>
    (await owner.get<{ apiKeys: { serviceId: string | null }[] }>('/api/api-keys')).body.apiKeys.flatMap(
      ({ serviceId }) => serviceId ?? [],
    );
  const untilState = (state: string): Promise<unknown> =>
    waitFor(async () => (await info())?.state === state, { description: `it is ${state}` });
  const untilPanel = (): Promise<number> => waitFor(panelPort, { description: 'its panel is announced' });

  it('fires its trigger with its own key, and it is seen in the session that subscribed', async () => {
    await untilState('running');
    const port = await untilPanel();
    const { body } = await owner.post<{ sessionId: string }>('/api/sessions', { runnerId: runner.runnerId });
    const session = `/api/sessions/${body.sessionId}`;
    await waitFor(async () => (await owner.get<{ isConnected: boolean }>(session)).body.isConnected, {
      description: 'the session is there',
    });
    const subscribed = await owner.post(`${session}/trigger-subscriptions`, {
      triggerType: 'my-service:something_happened',
    });
    expect(subscribed.status).toBe(201);
    const answer = await fetch(`http://127.0.0.1:${port}/api/do-thing`, { method: 'POST' });
    expect(await answer.json()).toEqual({ ok: true });
    const history = await waitFor(
      async () => {
        const seen = await owner.get<{ triggers: TriggerHistoryEntry[] }>(`${session}/triggers`);
        return seen.body.triggers.length > 0 && seen.body.triggers;
      },
      { description: 'it is in the history' },
    );
    expect(history).toMatchObject([
      { type: 'my-service:something_happened', source: 'my-service', summary: 'A thing happened' },
    ]);
  });

  it('is disabled, enabled and restarted over REST, and its log is read', async () => {
    const before = await untilPanel();
    expect((await owner.post(path('/services/my-service/disable'), {})).status).toBe(202);
    await untilState('disabled');
    expect(await panelPort()).toBeUndefined();
    await expect(fetch(`http://127.0.0.1:${before}/`)).rejects.toThrow();
    expect((await owner.post(path('/services/my-service/enable'), {})).status).toBe(202);
    await untilPanel();
    await untilState('running');
    const { body } = await owner.get<ServiceLog>(path('/services/my-service/logs?limit=100'));
    expect(body.lines.filter(({ text }) => text === 'runs')).toHaveLength(2);
    // The same line by line, from the end on.
    const lines: ServiceLog['lines'] = [];
    let next: string | undefined = '';
    while (next !== undefined) {
      const page: { body: ServiceLog & { nextCursor?: string } } = await owner.get(
        path(`/services/my-service/logs?limit=1${next && `&cursor=${next}`}`),
      );
      lines.unshift(...page.body.lines);
      next = page.body.nextCursor;
    }
    expect(lines.slice(0, body.lines.length)).toEqual(body.lines);
  });

  it('has its folder in the listing of its runner, page by page', async () => {
    const names = async (query: string): Promise<string[]> => {
      const page = await owner.get<{ folders: { name: string }[]; nextCursor?: string }>(path(`/folders?${query}`));
      expect(page.status).toBe(200);
      const { folders, nextCursor } = page.body;
      const rest = nextCursor === undefined ? [] : await names(`limit=1&cursor=${nextCursor}`);
      return [...folders.map(({ name }) => name), ...rest];
    };
    const all = await names('limit=500');
    expect(all.length).toBeGreaterThan(1);
    expect(await names('limit=1')).toEqual(all);
  });

  it('goes with its folder, and takes its port and its key along', async () => {
    const port = await untilPanel();
    expect(await keys()).toEqual(['my-service']);
    rmSync(join(home, 'runner', 'services', 'my-service'), { recursive: true });
    await waitFor(async () => (await info()) === undefined, { description: 'it is gone' });
    await waitFor(
      () =>
        fetch(`http://127.0.0.1:${port}/`).then(
          () => false,
          () => true,
        ),
      {
        description: 'its port is free',
      },
    );
    const log = join(home, 'runner', 'run', 'logs', 'services', 'my-service.log');
    await waitFor(() => !existsSync(log), { description: 'its log is gone' });
    await waitFor(async () => (await keys()).length === 0, { description: 'its key has ended' });
  });
});
