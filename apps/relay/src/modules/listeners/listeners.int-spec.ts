import type { ListenerView } from '@pizzapi/protocol';
import { connectHub, ScriptedRunner } from '@pizzapi/testing';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loseAnswer } from '../../../testing/lose-answer.js';
import { startCluster, type TestAccount, type TestCluster, type TestRelay } from '../../../testing/relay-fixture.js';
import { Database } from '../../platform/database/database.js';
import { MemberEntity } from '../auth/index.js';
import { WantedVersion } from '../runners/index.js';
import { TriggerListeners } from '../triggers/index.js';
import { DisableListeners } from './disable-listeners.js';
import { ListenerEntity } from './listener.entity.js';
import { ListenerRepository } from './listener.repository.js';

describe('listeners of a runner', () => {
  let cluster: TestCluster;
  let relay: TestRelay;
  let ada: TestAccount;
  let bob: TestAccount;
  let runner: ScriptedRunner;
  let path: string;

  beforeAll(async () => {
    cluster = await startCluster();
    relay = await cluster.start();
    ada = await relay.account('ada');
    bob = await relay.account('bob');
    runner = await ScriptedRunner.connect(ada);
    path = `/api/runners/${runner.runnerId}/trigger-listeners`;
  });
  afterAll(async () => {
    runner.stop();
    await cluster[Symbol.asyncDispose]();
  });

  const create = async (body: object, headers = {}): Promise<ListenerView> => {
    const answer = await ada.post<ListenerView>(path, body, headers);
    expect(answer).toMatchObject({ status: 201 });
    return answer.body;
  };
  const matching = async (type: string, payload: Record<string, unknown> = {}): Promise<string[]> => {
    const { port } = relay.app.get(TriggerListeners, { strict: false });
    const version = await relay.app.get(WantedVersion, { strict: false }).read(runner.runnerId);
    return (await port.matching(version, runner.runnerId, type, payload)).map(({ listenerId }) => listenerId);
  };

  it('makes one with defaults, shows it, lists it page by page', async () => {
    const triggerType = 'time:first';
    const listener = await create({ triggerType });
    expect(listener).toEqual({
      listenerId: expect.stringMatching(/^lst_[0-9a-f-]{36}$/) as string,
      runnerId: runner.runnerId,
      triggerType,
      prompt: null,
      cwd: null,
      model: null,
      params: null,
      filters: null,
      filterMode: 'and',
      enabled: true,
      disabledReason: null,
      maxWaitMs: 86_400_000,
      maxConcurrent: null,
      missedRuns: 'all',
      createdBy: ada.userId,
      createdAt: expect.any(String) as string,
      updatedAt: expect.any(String) as string,
    });
    expect(await ada.get(`${path}/${listener.listenerId}`)).toMatchObject({ status: 200, body: listener });
    const second = await create({ triggerType });
    const { body: first } = await ada.get<{ listeners: ListenerView[]; nextCursor: string }>(`${path}?limit=1`);
    expect(first).toEqual({ listeners: [listener], nextCursor: listener.listenerId });
    expect(await ada.get(`${path}?limit=1&cursor=${first.nextCursor}`)).toMatchObject({
      body: { listeners: [second] },
    });
  });

  it('makes one of a repeated request', async () => {
    const headers = { 'idempotency-key': 'one-listener' };
    const { listenerId } = await create({ triggerType: 'time:repeated' }, headers);
    expect((await create({ triggerType: 'time:repeated' }, headers)).listenerId).toBe(listenerId);
  });

  it('gives a retry after a crash the listener of the first try, though its type is gone by now', async () => {
    const announce = async (...types: string[]): Promise<void> => {
      const triggerDefs = types.map((type) => ({ serviceId: 'orders', type, label: 'Placed' }));
      const message = { services: [], panels: [], sigilDefs: [], triggerDefs };
      expect(await runner.socket.emitWithAck('service:announce', message)).toEqual({ ok: true });
    };
    await announce('orders:placed');
    const headers = { 'idempotency-key': 'crashed' };
    const first = await create({ triggerType: 'orders:placed' }, headers);
    await loseAnswer(relay, ada, path, 'crashed');
    await announce();
    expect(await create({ triggerType: 'orders:placed' }, headers)).toEqual(first);
  });

  it('replaces all that can be set, and lets what is left out fall back', async () => {
    const wishes = {
      prompt: 'Review it.',
      cwd: '/srv/code/app',
      model: { provider: 'demo', id: 'demo' },
      params: { branch: ['main', 'next'], number: 1 },
      filters: [{ field: 'status', value: 'open', op: 'eq' }],
      filterMode: 'or',
      enabled: false,
      maxWaitMs: 30 * 86_400_000,
      maxConcurrent: 2,
      missedRuns: 'latest',
    };
    const { listenerId } = await create({ triggerType: 'time:replaced' });
    const one = `${path}/${listenerId}`;
    expect(await ada.send('PUT', one, { body: wishes })).toMatchObject({
      status: 200,
      body: { listenerId, triggerType: 'time:replaced', ...wishes },
    });
    expect(await ada.get(one)).toMatchObject({ body: wishes });
    expect(await ada.send('PUT', one, { body: { triggerType: 'time:other', prompt: null } })).toMatchObject({
      status: 200,
      body: { triggerType: 'time:other', prompt: null, params: null, enabled: true, maxConcurrent: null },
    });
  });

  it('refuses a folder that the runner would refuse for every session, and keeps one that it has come to refuse', async () => {
    const { socket } = runner;
    let isOutside = false;
    socket.on('runner:list-folders', ({ path = '' }, answer) =>
      isOutside
        ? answer({ ok: false, problem: { code: 'folder_outside_roots', detail: `Not ${path}.` } })
        : answer({ ok: true, listing: { path, parent: null, folders: [], truncated: false } }),
    );
    const body = { triggerType: 'time:foldered', cwd: '/home/ada/link' };
    const { listenerId } = await create(body);
    isOutside = true;
    const refusal = { status: 422, body: { code: 'folder_outside_roots', detail: 'Not /home/ada/link.' } };
    expect(await ada.post(path, body)).toMatchObject(refusal);
    const one = `${path}/${listenerId}`;
    expect(await ada.send('PUT', one, { body: { ...body, enabled: false } })).toMatchObject({ status: 200 });
    expect(await ada.send('PUT', one, { body: { ...body, cwd: '/srv/code' } })).toMatchObject({ status: 200 });
    expect(await ada.send('PUT', one, { body })).toMatchObject(refusal);
    expect(await ada.get(one)).toMatchObject({ body: { cwd: '/srv/code' } });
    socket.off('runner:list-folders');
  });

  it('refuses what does not fit, by name', async () => {
    const field = (name: string): object => ({
      errors: expect.arrayContaining([expect.objectContaining({ path: name })]) as unknown,
    });
    const refusals: [body: object, status: number, problem: object][] = [
      [{ triggerType: 'nobody:declares-this' }, 422, { code: 'unknown_trigger_type' }],
      [{}, 400, field('triggerType')],
      [{ triggerType: 'time:x', maxWaitMs: 999 }, 400, field('maxWaitMs')],
      [{ triggerType: 'time:x', maxWaitMs: 31 * 86_400_000 }, 400, field('maxWaitMs')],
      [{ triggerType: 'time:x', maxConcurrent: 0 }, 400, field('maxConcurrent')],
      [{ triggerType: 'time:x', maxConcurrent: 101 }, 400, field('maxConcurrent')],
      [{ triggerType: 'time:x', missedRuns: 'some' }, 400, field('missedRuns')],
      [{ triggerType: 'time:x', model: { provider: 'demo' } }, 400, field('model.id')],
      [{ triggerType: 'time:x', params: 'x' }, 400, { code: 'invalid_request' }],
      [{ triggerType: 'time:x', filters: [{ field: 'a', value: 1, op: 'like' }] }, 400, { code: 'invalid_request' }],
      [{ triggerType: 'time:x', createdBy: 'me' }, 400, field('createdBy')],
    ];
    for (const [body, status, problem] of refusals)
      expect(await ada.post(path, body), JSON.stringify(body)).toMatchObject({ status, body: problem });
  });

  it('changes and removes by type all of that type, and by id that one alone', async () => {
    const triggerType = 'time:of/bulk ü';
    const ids = [await create({ triggerType }), await create({ triggerType }), await create({ triggerType })].map(
      ({ listenerId }) => listenerId,
    );
    const bulk = `${path}/${encodeURIComponent(triggerType)}`;
    expect(await ada.send('PUT', bulk, { body: { prompt: 'All of you.' } })).toMatchObject({
      status: 200,
      body: { updated: 3 },
    });
    expect(await ada.get(`${path}/${ids[1]}`)).toMatchObject({ body: { prompt: 'All of you.' } });
    expect(await ada.delete(`${path}/${ids[0]}`)).toMatchObject({ status: 204, body: null });
    expect(await ada.delete(`${path}/${ids[0]}`)).toMatchObject({ status: 404 });
    expect(await ada.send('PUT', `${path}/${ids[0]}`, { body: {} })).toMatchObject({ status: 404 });
    for (const mistyped of ['lst_mistyped', 'deploy', ids[1]?.slice(4)])
      for (const method of ['PUT', 'DELETE'])
        expect(await ada.send(method, `${path}/${mistyped}`, { body: {} })).toMatchObject({
          status: 404,
          body: { code: 'not_found' },
        });
    expect(await ada.delete(bulk)).toMatchObject({ status: 200, body: { removed: 2 } });
    expect(await ada.delete(bulk)).toMatchObject({ status: 200, body: { removed: 0 } });
    expect(await matching(triggerType)).toEqual([]);
  });

  it('matches what is enabled, by type, params and filters, and follows every change at once', async () => {
    const triggerType = 'time:matched';
    const { listenerId } = await create({ triggerType, params: { branch: 'main' } });
    const open = await create({ triggerType, filters: [{ field: 'state', value: 'open' }] });
    expect(await matching(triggerType, { branch: 'main', state: 'shut' })).toEqual([listenerId]);
    expect(await matching(triggerType, { state: 'open' })).toEqual([open.listenerId]);
    expect(await matching('time:unmatched', { branch: 'main', state: 'open' })).toEqual([]);
    await ada.send('PUT', `${path}/${listenerId}`, { body: { enabled: false } });
    expect(await matching(triggerType, { branch: 'main' })).toEqual([]);
    await ada.send('PUT', `${path}/${listenerId}`, { body: { params: { branch: 'next' } } });
    expect(await matching(triggerType, { branch: 'next' })).toEqual([listenerId]);
    await ada.delete(`${path}/${listenerId}`);
    expect(await matching(triggerType, { branch: 'next' })).toEqual([]);
  });

  it('keeps triggers from nobody because one of them is damaged', async () => {
    const triggerType = 'time:damaged';
    const { listenerId } = await create({ triggerType, filters: [{ field: 'a', value: 1 }] });
    const whole = await create({ triggerType });
    await relay.app
      .get(Database, { strict: false })
      .write((transaction) =>
        transaction.query(`UPDATE listeners SET filters = '[[{}]]' WHERE listener_id = '${listenerId}'`),
      );
    await ada.send('PUT', `${path}/${whole.listenerId}`, { body: { prompt: 'Go' } });
    expect(await matching(triggerType, { a: 1 })).toEqual([whole.listenerId]);
  });

  it('tells the runner what its services are wanted for', async () => {
    const told: unknown[] = [];
    runner.socket.on('runner:wanted-triggers', ({ subscriptions }) => told.push(subscriptions));
    const params = { repository: 'pizza' };
    const { listenerId } = await create({ triggerType: 'time:wanted', params });
    const wanted = { subscriptionId: null, listenerId, type: 'time:wanted', params };
    await expect.poll(() => told.at(-1)).toContainEqual(wanted);
    await ada.delete(`${path}/${listenerId}`);
    await expect.poll(() => told.at(-1)).not.toContainEqual(wanted);
  });

  it('tells the browsers of the owner, and nobody else, that the list has changed', async () => {
    const told: string[] = [];
    const toldBob: string[] = [];
    const connect = async ({ apiKey }: TestAccount, heard: string[]) => {
      const hub = await connectHub(relay.url, { 'x-api-key': apiKey ?? '' });
      hub.on('listeners:changed', ({ runnerId }) => heard.push(runnerId));
      return hub;
    };
    const hubs = [await connect(ada, told), await connect(bob, toldBob)];
    const heard = async (act: () => Promise<unknown>): Promise<void> => {
      const before = told.length;
      await act();
      await expect.poll(() => told.slice(before)).toEqual([runner.runnerId]);
    };
    const triggerType = 'time:news';
    let one = '';
    await heard(async () => (one = `${path}/${(await create({ triggerType })).listenerId}`));
    await heard(() => ada.send('PUT', one, { body: { enabled: false } }));
    await heard(() => ada.delete(one));
    await heard(() => create({ triggerType }));
    await heard(() => ada.delete(`${path}/${encodeURIComponent(triggerType)}`));
    expect(toldBob).toEqual([]);
    for (const hub of hubs) hub.disconnect();
  });

  it('is the business of the owner of the runner alone', async () => {
    const { listenerId } = await create({ triggerType: 'time:private' });
    const attempts = [
      bob.get(path),
      bob.post(path, { triggerType: 'time:private' }),
      bob.get(`${path}/${listenerId}`),
      bob.send('PUT', `${path}/${listenerId}`, { body: {} }),
      bob.delete(`${path}/${listenerId}`),
      bob.delete(`${path}/time%3Aprivate`),
    ];
    for (const answer of await Promise.all(attempts))
      expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await ada.get(`${path}/${listenerId}`)).toMatchObject({ status: 200 });
  });

  it('matches nothing once its creator has left, is disabled, and says why', async () => {
    const { listenerId, createdBy } = await create({ triggerType: 'time:left' });
    expect(await matching('time:left')).toEqual([listenerId]);
    const database = relay.app.get(Database);
    const { organisationId } = await database.read.findOneByOrFail(MemberEntity, { userId: createdBy });
    const belongTo = (id: string) =>
      database.write((transaction) => transaction.update(MemberEntity, { userId: createdBy }, { organisationId: id }));
    const { organisationId: another } = await database.read.findOneByOrFail(MemberEntity, { userId: bob.userId });
    await belongTo(another);
    await relay.app.get(WantedVersion, { strict: false }).renew(runner.runnerId);
    expect(await matching('time:left')).toEqual([]);
    const own = `${path}/${listenerId}`;
    const disabled = { enabled: false, disabledReason: expect.stringContaining('has left the organisation') as string };
    await relay.app.get(DisableListeners, { strict: false }).run();
    expect(await ada.get(own)).toMatchObject({ status: 200, body: disabled });
    // What is asked for would enable it: the answer says at once that it does not.
    expect(await ada.send('PUT', own, { body: {} })).toMatchObject({ status: 200, body: disabled });
    // Also when they come back: somebody has to mean it.
    await belongTo(organisationId);
    await relay.app.get(DisableListeners, { strict: false }).run();
    expect(await matching('time:left')).toEqual([]);
    expect(await ada.send('PUT', own, { body: {} })).toMatchObject({ body: { enabled: true, disabledReason: null } });
    expect(await matching('time:left')).toEqual([listenerId]);
  });

  it('stops at a thousand', async () => {
    const crowded = await ScriptedRunner.connect(ada, 'crowded');
    const { runnerId } = crowded;
    const template = await create({ triggerType: 'time:many' });
    const repository = relay.app.get(ListenerRepository, { strict: false });
    const { model: _, ...fields } = template;
    for (let n = 0; n < 1_000; n++) {
      const row = { ...fields, listenerId: `lst_${v7()}`, runnerId, modelProvider: null, modelId: null };
      const now = new Date();
      const owned = { organisationId: 'org', deletedAt: null, createdAt: now, updatedAt: now };
      await repository.add(Object.assign(new ListenerEntity(), row, owned), 1_000);
    }
    expect(await ada.post(`/api/runners/${runnerId}/trigger-listeners`, { triggerType: 'time:many' })).toMatchObject({
      status: 409,
      body: { code: 'too_many_listeners' },
    });
    crowded.stop();
  });
});
