import { ProblemCode, type SessionView } from '@pizzapi/protocol';
import type { ScriptedWorker } from '@pizzapi/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  asks,
  CUT_OFF,
  ChildScene,
  finishes,
  finishesTwice,
  heardBy,
  hears,
  QUESTION,
  settles,
  TOOL,
} from '../../../testing/child-scene.js';

let scene: ChildScene;
let parent: ScriptedWorker;

beforeAll(async () => {
  scene = await ChildScene.start({ PIZZAPI_MAX_CHILD_DEPTH: '2', PIZZAPI_MAX_CHILD_SESSIONS: '3' });
});
afterAll(() => scene[Symbol.asyncDispose]());
beforeEach(async () => {
  parent = await scene.session();
});

/** The parent's latest trigger of a type. */
const heard = (type: string, count?: number) => hears(parent, type, count);

describe('a child session', () => {
  it('is started once for a tool call, in the name of its owner, and hears its task from its parent', async () => {
    const call = { request: 'spawn' as const, callKey: 'entry/call_1', prompt: 'Count the files.', name: 'Counter' };
    const [first, again] = await Promise.all([scene.ask(parent, call), scene.ask(parent, call)]);
    const [child] = first.children ?? [];
    expect(again.children?.[0]?.sessionId).toBe(child?.sessionId);
    const sessionId = child?.sessionId ?? '';
    expect(await scene.view(sessionId)).toMatchObject({
      name: 'Counter',
      parentSessionId: parent.sessionId,
      ownerId: scene.ada.userId,
      runnerId: scene.runner.runnerId,
      status: 'pending',
    });
    const worker = await scene.work(sessionId);
    await expect.poll(() => worker.received).toHaveLength(1);
    expect(worker.received[0]).toMatchObject({
      kind: 'input',
      text: 'Count the files.',
      authorName: 'Parent',
      fromSessionId: parent.sessionId,
    });
    expect(scene.runner.orders.filter((order) => order.sessionId === sessionId)).toHaveLength(1);
    const list = await scene.ada.get<{ sessions: SessionView[] }>(`/api/sessions?parentSessionId=${parent.sessionId}`);
    expect(list.body.sessions.map((each) => each.sessionId)).toEqual([sessionId]);
    expect((await scene.ask(parent, { request: 'list' })).children).toMatchObject([{ sessionId, name: 'Counter' }]);
    expect((await scene.ask(parent, { request: 'runners' })).runners).toMatchObject([
      { runnerId: scene.runner.runnerId, online: true, roots: ['/srv/code'] },
    ]);
  });

  it('is not started too deep or too often, and the refusal says what to do', async () => {
    const child = await scene.work(await scene.spawn(parent));
    const grandchild = await scene.work(await scene.spawn(child));
    await expect(scene.spawn(grandchild)).rejects.toMatchObject({ code: ProblemCode.childDepthExceeded });
    // Over all depths, and over both replicas at once.
    const rest = await Promise.allSettled([scene.spawn(parent), scene.spawn(child), scene.spawn(parent)]);
    expect(rest.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(rest.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: {
        code: ProblemCode.tooManyChildren,
        message: expect.stringContaining('PIZZAPI_MAX_CHILD_SESSIONS'),
      },
    });
    // What is stopped makes room, and its parent is not told what it did itself.
    await scene.ask(child, { request: 'stop', sessionId: grandchild.sessionId });
    await scene.ends(grandchild);
    const call = { callKey: 'entry/last' };
    const [last, same] = await Promise.all([scene.spawn(parent, call), scene.spawn(parent, call)]);
    expect(last).toBe(same);
    // One that is opened again takes room like any other.
    const resumed = await scene.ada.post(`/api/sessions/${grandchild.sessionId}/resume`);
    expect(resumed).toMatchObject({ status: 409, body: { code: ProblemCode.tooManyChildren } });
    await scene.ada.post(`/api/sessions/${last}/stop`);
    expect(await scene.ada.post(`/api/sessions/${grandchild.sessionId}/resume`)).toMatchObject({ status: 202 });
    expect(heardBy(child)).toEqual([]);
  });

  it('is told things by its parent, once for a call, and by nobody else', async () => {
    const child = await scene.work(await scene.spawn(parent));
    const tell = { request: 'tell' as const, callKey: 'e/c', sessionId: child.sessionId, text: 'Faster.' };
    await scene.ask(parent, tell);
    await scene.ask(parent, tell);
    await scene.ask(parent, { ...tell, callKey: 'e/d', text: 'Slower.' });
    await expect.poll(() => child.received.map(({ text }) => text)).toEqual(['Do it.', 'Faster.', 'Slower.']);
    expect(child.received[1]).toMatchObject({ fromSessionId: parent.sessionId, deliverAs: 'prompt' });
    const stranger = await scene.session('Stranger');
    await expect(scene.ask(stranger, tell)).rejects.toMatchObject({ code: ProblemCode.notFound });
    const stop = scene.ask(stranger, { request: 'stop', sessionId: child.sessionId });
    await expect(stop).rejects.toMatchObject({ code: ProblemCode.notFound });
  });

  it('may be started over REST below a session, of one’s own', async () => {
    const body = { runnerId: scene.runner.runnerId, prompt: 'Help.', parentSessionId: parent.sessionId };
    const { status, body: made } = await scene.ada.post<{ sessionId: string }>('/api/sessions', body);
    expect(status).toBe(202);
    expect(await scene.view(made.sessionId)).toMatchObject({ parentSessionId: parent.sessionId });
    expect((await scene.bob.post('/api/sessions', body)).status).toBe(404);
  });
});

describe('what a child has to tell', () => {
  let child: ScriptedWorker;
  beforeEach(async () => {
    child = await scene.work(await scene.spawn(parent, { name: 'Child' }));
  });

  it('is each answer, also where the next turn follows at once', async () => {
    child.send(CUT_OFF, CUT_OFF); // by two workers, before anybody continued it
    finishesTwice(child, 'First.', 'Second\0.');
    await heard('session:completed', 2);
    const told = heardBy(parent).map(({ payload }) => payload['answer'] ?? payload['code']);
    expect(told).toEqual(['turn_interrupted', 'First.', 'Second\0.']);
  });

  it('reaches its parent once: a question, an answer, what went wrong, its end', async () => {
    const request = asks(child);
    const question = await heard('session:question');
    expect(question).toMatchObject({
      deliverAs: 'steer',
      childSessionId: child.sessionId,
      payload: { sessionId: child.sessionId, name: 'Child', question: 'Which colour?', deadline: request.deadline },
    });
    // As after a restart of the child's worker.
    child.send(
      { type: 'session.opened', data: { epoch: 2, isResumed: true } },
      { type: 'approval.requested', data: request },
    );
    settles(child, request);
    finishes(child, 'It is blue.');
    expect(await heard('session:completed')).toMatchObject({
      deliverAs: 'followUp',
      payload: { answer: 'It is blue.' },
    });
    child.send(
      { type: 'session.opened', data: { epoch: 3, isResumed: true } },
      { type: 'activity.changed', data: { activity: 'idle' } },
    );
    finishes(child, 'No key.', 'error');
    expect(await heard('session:error')).toMatchObject({ payload: { code: 'turn_failed', detail: 'No key.' } });
    await scene.ada.post(`/api/sessions/${child.sessionId}/stop`);
    await scene.ends(child);
    expect(await heard('session:ended')).toMatchObject({ payload: { status: 'ended' } });
    const types = ['question', 'completed', 'error', 'ended'].map((type) => `session:${type}`);
    expect(heardBy(parent).map(({ type }) => type)).toEqual(types);
    const fired = types.toReversed().map((type) => ({ type, direction: 'outbound' }));
    await expect.poll(() => scene.history(child.sessionId)).toMatchObject(fired);
  });

  it('is told when it fails, also where its worker never said a word', async () => {
    const failure = { code: ProblemCode.folderMissing, detail: 'There is no such folder.' };
    await scene.runner.report({ sessionId: child.sessionId, state: 'failed', failure });
    expect(await heard('session:failed')).toMatchObject({ payload: failure });
  });

  it('waits for a parent that has ended, which hears it when it is resumed', async () => {
    await scene.ada.post(`/api/sessions/${parent.sessionId}/stop`);
    await scene.ends(parent);
    expect(await scene.view(child.sessionId)).toMatchObject({ status: 'active' });
    finishes(child, 'Done all the same.');
    await expect.poll(() => scene.waiting(parent.sessionId)).toHaveLength(1);
    await scene.ada.post(`/api/sessions/${parent.sessionId}/resume`);
    parent = await scene.runner.startWorker(parent.sessionId, scene.two.url);
    expect(await heard('session:completed')).toMatchObject({ payload: { answer: 'Done all the same.' } });
  });

  it('goes on without a parent that was deleted, and ends with one where that is asked for', async () => {
    const grandchild = await scene.work(await scene.spawn(child));
    expect((await scene.ada.delete(`/api/sessions/${parent.sessionId}`)).status).toBe(204);
    expect(await scene.view(child.sessionId)).toMatchObject({ status: 'active', parentSessionId: null });
    finishes(child, 'Nobody hears it.');
    await scene.ada.post(`/api/sessions/${child.sessionId}/stop?withChildren=true`);
    await expect.poll(() => scene.stopOrders).toEqual(expect.arrayContaining([child.sessionId, grandchild.sessionId]));
  });
});

describe('an answer of the parent', () => {
  let child: ScriptedWorker;
  beforeEach(async () => {
    child = await scene.work(await scene.spawn(parent, { name: 'Child' }));
  });

  it('goes to the child that waits, in the parent’s name, and stands in the history', async () => {
    const { approvalId } = asks(child);
    const { triggerId } = await heard('session:question');
    const respond = { request: 'respond' as const, triggerId, text: 'Blue' };
    await scene.ask(parent, respond);
    await scene.ask(parent, respond); // its answer was lost
    const by = { userId: scene.ada.userId, name: 'Parent', sessionId: parent.sessionId };
    const command = { command: 'answer-approval', approvalId, answer: { decision: 'allow', text: 'Blue' }, by };
    expect(child.commands).toEqual([command, command]); // which its desk takes for one
    await expect.poll(() => scene.history(parent.sessionId)).toMatchObject([{ triggerId, response: { text: 'Blue' } }]);
  });

  it('comes too late where a person was first, and is told by whom', async () => {
    const request = asks(child);
    const { triggerId } = await heard('session:question');
    settles(child, request, { answeredBy: { userId: scene.ada.userId, name: 'ada' }, text: 'Red' });
    await expect.poll(async () => (await scene.approvals(child.sessionId))[0]?.outcome).toBe('allowed');
    const late = scene.ask(parent, { request: 'respond', triggerId, text: 'Blue' });
    await expect(late).rejects.toThrow(/^ada has answered this already: allowed/);
    expect(child.commands).toEqual([]);
  });

  it('may be that its plan is good, or what is wrong with it', async () => {
    const plan = { kind: 'question' as const, question: '1. Count', options: [], isPlan: true };
    asks(child, plan);
    const { triggerId, payload } = await heard('session:plan');
    expect(payload).toMatchObject({ plan: '1. Count' });
    const respond = { request: 'respond' as const, triggerId };
    await expect(scene.ask(parent, { ...respond, text: 'Fine' })).rejects.toMatchObject({ code: 'invalid_request' });
    await scene.ask(parent, { ...respond, action: 'approve' });
    await scene.ask(parent, { ...respond, action: 'reject', text: 'Twice.' });
    expect(child.commands).toMatchObject([{ answer: { text: 'Approve' } }, { answer: { text: 'Change it: Twice.' } }]);
  });

  it('is not one to what a rule asks people about, unless the configuration lets it', async () => {
    asks(child, TOOL);
    const { triggerId, payload } = await heard('session:approval');
    expect(payload).toMatchObject({ toolName: 'bash', mayAnswer: false });
    const allow = { request: 'respond' as const, action: 'allow' };
    const early = scene.ask(parent, { ...allow, triggerId });
    await expect(early).rejects.toMatchObject({ code: ProblemCode.reservedForPeople });
    expect(child.commands).toEqual([]);
    asks(child, TOOL, { mayParentAnswer: true });
    const second = await heard('session:approval', 2);
    await scene.ask(parent, { ...allow, triggerId: second.triggerId });
    expect(child.commands).toMatchObject([{ answer: { decision: 'allow', scope: 'once' } }]);
  });

  it('is nobody else’s to give, nor one to what asks nothing', async () => {
    asks(child);
    const { triggerId } = await heard('session:question');
    const stranger = await scene.session('Stranger');
    const answer = { request: 'respond' as const, triggerId, text: 'Blue' };
    await expect(scene.ask(stranger, answer)).rejects.toMatchObject({ code: ProblemCode.notFound });
    await expect(scene.ask(child, answer)).rejects.toMatchObject({ code: ProblemCode.notFound });
    finishes(child, 'Done.');
    const done = await heard('session:completed');
    const escalate = { request: 'escalate' as const, triggerId: done.triggerId };
    await expect(scene.ask(parent, escalate)).rejects.toMatchObject({ code: ProblemCode.invalidRequest });
    await expect(scene.ask(stranger, escalate)).rejects.toMatchObject({ code: ProblemCode.notFound });
    expect(child.commands).toEqual([]);
  });

  it('is asked for again when it was cut off in the middle of its turn, until somebody has answered', async () => {
    asks(child, QUESTION, { deadline: new Date().toISOString() }); // nobody waits for it any more
    await heard('session:question');
    const request = asks(child);
    await heard('session:question', 2);
    parent.send(CUT_OFF);
    const again = await heard('session:question', 3);
    expect(again.payload).toMatchObject({ question: 'Which colour?', askedBefore: true });
    await scene.ask(parent, { request: 'respond', triggerId: again.triggerId, text: 'Blue' });
    expect(child.commands).toHaveLength(1);
    settles(child, request);
    finishes(child, 'Blue it is.');
    await heard('session:completed');
    parent.send(CUT_OFF, { type: 'activity.changed' as const, data: { activity: 'working' as const } });
    // What it would be asked again is noted by then, and comes before what is noted later.
    await expect.poll(async () => (await scene.view(parent.sessionId)).activity).toBe('working');
    finishes(child, 'Still blue.');
    await heard('session:completed', 2);
    expect(heardBy(parent).filter(({ type }) => type === 'session:question')).toHaveLength(3);
  });
});

describe('a question that is handed up', () => {
  it('goes to the next parent, which answers it, and to people from there', async () => {
    const child = await scene.work(await scene.spawn(parent, { name: 'Child' }));
    const grandchild = await scene.work(await scene.spawn(child, { name: 'Grandchild' }));
    const { approvalId } = asks(grandchild);
    await expect.poll(() => heardBy(child)).toHaveLength(1);
    const triggerId = heardBy(child)[0]?.triggerId ?? '';
    const escalate = { request: 'escalate' as const, triggerId, reason: 'I am no painter.' };
    expect(await scene.ask(child, escalate)).toMatchObject({ escalatedTo: 'parent' });
    await scene.ask(child, escalate);
    const handed = await heard('session:question');
    expect(handed).toMatchObject({
      childSessionId: grandchild.sessionId,
      payload: { handedUpBy: { sessionId: child.sessionId, name: 'Child', reason: 'I am no painter.' } },
    });
    const answer = { request: 'escalate' as const, triggerId: handed.triggerId };
    expect(await scene.ask(parent, answer)).toMatchObject({ escalatedTo: 'people' });
    expect(grandchild.commands).toEqual([
      { command: 'hand-up-approval', approvalId, by: { sessionId: parent.sessionId, name: 'Parent' } },
    ]);
    await scene.ask(parent, { request: 'respond', triggerId: handed.triggerId, text: 'Blue' });
    expect(grandchild.commands.at(-1)).toMatchObject({ command: 'answer-approval', by: { name: 'Parent' } });
    expect(await scene.history(child.sessionId)).toMatchObject([{ response: { action: 'escalate' } }]);
  });

  it('is shown so in the child, by the same card', async () => {
    const child = await scene.work(await scene.spawn(parent));
    const request = asks(child);
    await heard('session:question');
    const handedUp = { sessionId: parent.sessionId, name: 'Parent', reason: 'Yours.', ts: '2026-11-28T12:02:00.000Z' };
    child.send({ type: 'approval.requested', data: { ...request, handedUp } });
    await expect
      .poll(() => scene.approvals(child.sessionId))
      .toMatchObject([{ approvalId: request.approvalId, handedUp, outcome: null }]);
    expect(heardBy(parent)).toHaveLength(1);
  });
});
