import type { SigilDef } from '@pizzapi/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RelayApi } from '@pizzapi/testing';
import { TunnelScene } from '../../../../testing/tunnel-scene.js';

let scene: TunnelScene;
const asked: string[] = [];
const def = (extra: Partial<SigilDef> = {}): SigilDef => ({
  serviceId: 'github',
  type: 'pr',
  label: 'Pull request',
  resolve: '/resolve/{id}',
  aliases: ['mr'],
  ...extra,
});
const resolve = (rest: string, api: RelayApi = scene.ada): ReturnType<RelayApi['get']> =>
  api.get(`/api/runners/${scene.runner.runnerId}/sigils/${rest}`);

beforeAll(async () => {
  scene = await TunnelScene.start(2);
  const { port } = await scene.serve((request, response) => {
    const { url = '' } = request;
    asked.push(url);
    if (url.includes('slow')) return;
    if (url.includes('gone')) return void response.writeHead(404).end();
    if (url.includes('garbage')) return void response.end('<html>');
    if (url.includes('untitled')) return void response.end('{}');
    if (url.includes('huge')) return void response.end('x'.repeat(100_000));
    const evil = { url: 'javascript:alert(1)', icon: '<b>', status: null };
    const fine = { url: 'https://example.com/1', icon: 'git-pull-request', status: 'open' };
    response.end(JSON.stringify({ title: `Title ${url}`, ...(url.includes('evil') ? evil : fine), more: 1 }));
  });
  await scene.announce({ serviceId: 'github', label: 'GitHub', icon: 'git', port });
  const panels = [{ serviceId: 'github', label: 'GitHub', icon: 'git', port }];
  const services = [{ id: 'github', label: 'GitHub', icon: 'git', state: 'running', error: null } as const];
  const sigilDefs = [def(), def({ type: 'plain', resolve: undefined }), def({ serviceId: 'away', type: 'job' })];
  await scene.runner.socket.emitWithAck('service:announce', { services, panels, triggerDefs: [], sigilDefs });
});
afterAll(() => scene[Symbol.asyncDispose]());

it('asks the service once a minute, by type or alias, on any replica', async () => {
  const fine = {
    title: 'Title /resolve/a%2Fb?repo=x',
    status: 'open',
    url: 'https://example.com/1',
    icon: 'git-pull-request',
  };
  for (const type of ['pr', 'mr', 'pr'])
    expect(await resolve(`${type}/a%2Fb?repo=x`)).toMatchObject({ status: 200, body: fine });
  expect(asked).toEqual(['/resolve/a%2Fb?repo=x']);
  const there = new RelayApi(scene.replica(1).url, scene.ada.apiKey);
  expect((await resolve('pr/other', there)).body).toMatchObject({ title: 'Title /resolve/other' });
});

it('caches that there is none, and returns no more than a chip can show', async () => {
  asked.length = 0;
  for (let n = 0; n < 2; n++)
    expect(await resolve('pr/gone')).toMatchObject({ status: 404, body: { code: 'not_found' } });
  expect(asked).toHaveLength(1);
  expect((await resolve('pr/evil')).body).toEqual({ title: 'Title /resolve/evil' });
});

it.each([
  ['pr/garbage', 502, 'service_answer_invalid'],
  ['pr/untitled', 502, 'service_answer_invalid'],
  ['pr/huge', 502, 'service_answer_invalid'],
  ['pr/slow', 504, 'service_unreachable'],
  ['job/1', 503, 'service_not_running'],
  ['plain/1', 404, 'not_found'],
  ['unknown/1', 404, 'not_found'],
])('answers %s with %i', async (rest, status, code) => {
  expect(await resolve(rest)).toMatchObject({ status, body: { code } });
});

it('is refused to other users', async () => {
  expect(await resolve('pr/1', await scene.relay.account('bob'))).toMatchObject({ status: 404 });
});
