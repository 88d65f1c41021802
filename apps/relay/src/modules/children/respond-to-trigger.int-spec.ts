import { ProblemCode } from '@pizzapi/protocol';
import { expect, it } from 'vitest';
import { ChildScene } from '../../../testing/child-scene.js';

it('notes a response to a trigger that is no child’s question where people see it', async () => {
  await using scene = await ChildScene.start();
  const parent = await scene.session();
  const [path, tick] = [`/api/sessions/${parent.sessionId}/trigger`, { type: 'time:tick', payload: {} }];
  const { triggerId } = (await scene.ada.post<{ triggerId: string }>(path, tick)).body;
  await expect.poll(() => scene.history(parent.sessionId)).toHaveLength(1);
  const response = { action: 'ignored', text: 'Not ours.' };
  await scene.ask(parent, { request: 'respond', triggerId, ...response });
  expect(await scene.history(parent.sessionId)).toMatchObject([{ response }]);
  const empty = {
    code: ProblemCode.invalidRequest,
    message: expect.stringContaining('say what you did or decided in "text"') as string,
  };
  for (const nothing of [{}, { text: '' }, { action: ' ', text: ' \n' }])
    await expect(scene.ask(parent, { request: 'respond', triggerId, ...nothing })).rejects.toMatchObject(empty);
  expect(await scene.history(parent.sessionId)).toMatchObject([{ response }]);
  await scene.ask(parent, { request: 'respond', triggerId, action: 'done', text: '' });
  expect((await scene.history(parent.sessionId))[0]?.response).toEqual({
    action: 'done',
    ts: expect.any(String) as string,
  });
  await scene.ada.delete(`${path}s`);
  const gone = { code: ProblemCode.notFound, message: expect.stringContaining('until somebody clears it') as string };
  for (const id of [triggerId, 'trg_x'])
    await expect(scene.ask(parent, { request: 'respond', triggerId: id })).rejects.toMatchObject(gone);
});
