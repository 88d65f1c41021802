import type { FoundFiles } from '@pizzapi/protocol';
import { RelayApi } from '@pizzapi/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TwoReplicas } from '../../../../testing/two-replicas.js';

describe('files of a session’s folder', () => {
  let replicas: TwoReplicas;
  beforeAll(async () => {
    replicas = await TwoReplicas.start();
  });
  afterAll(() => replicas[Symbol.asyncDispose]());

  it('are asked of its worker, wherever that is attached, by who may see the session', async () => {
    const { one, two, ada, runner } = replicas;
    const worker = await runner.startSession({ relayUrl: two.url });
    const path = `/api/sessions/${worker.sessionId}/files`;
    worker.files = [
      { path: 'src', isFolder: true },
      { path: 'src/main.ts', isFolder: false },
      { path: 'README.md', isFolder: false },
    ];
    const find = async (query: string): Promise<FoundFiles> => {
      const answer = await ada.get<FoundFiles>(path + query);
      expect(answer.status).toBe(200);
      return answer.body;
    };
    expect(await find('')).toEqual({ files: worker.files, truncated: false });
    expect(await find('?query=main')).toEqual({ files: [{ path: 'src/main.ts', isFolder: false }], truncated: true });
    expect((await find('?limit=2')).files).toHaveLength(2);
    expect((await find('?limit=5000')).files).toHaveLength(3);
    for (const query of [`?query=${'a'.repeat(201)}`, '?limit=0', '?limit=x'])
      expect(await ada.get(path + query), query).toMatchObject({ status: 400 });
    const bob = await one.account('bob');
    expect(await bob.get(path)).toMatchObject({ status: 404 });
    expect(await new RelayApi(one.url).get(path)).toMatchObject({ status: 401 });
    worker.stop();
  });

  it('are not to be had of one that is away or over, which says so', async () => {
    const { two, ada, runner } = replicas;
    const worker = await runner.startSession({ relayUrl: two.url });
    const path = `/api/sessions/${worker.sessionId}/files`;
    worker.stop();
    await expect.poll(() => ada.get(path)).toMatchObject({ status: 409, body: { code: 'session_disconnected' } });
    await ada.post(`/api/sessions/${worker.sessionId}/stop`);
    await expect.poll(() => ada.get(path)).toMatchObject({ status: 409, body: { code: 'session_ended' } });
  });
});
