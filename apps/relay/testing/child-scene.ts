import {
  type AgentChildRequest,
  type ApprovalRequest,
  type ApprovalView,
  type SessionView,
  type SettledApproval,
  type TriggerHistoryEntry,
} from '@pizzapi/protocol';
import { ScriptedRunner, type ScriptedWorker, waitFor } from '@pizzapi/testing';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { v7 } from 'uuid';
import { startCluster, type TestAccount, type TestCluster, type TestRelay } from './relay-fixture.js';

/** Two replicas, an owner with a runner, and sessions that start one another; their workers say what a test wants. */
export class ChildScene implements AsyncDisposable {
  private constructor(
    private readonly cluster: TestCluster,
    readonly one: TestRelay,
    readonly two: TestRelay,
    readonly ada: TestAccount,
    readonly bob: TestAccount,
    readonly runner: ScriptedRunner,
  ) {}

  static async start(env: Record<string, string> = {}): Promise<ChildScene> {
    const cluster = await startCluster('postgres');
    const one = await cluster.start(env);
    const two = await cluster.start(env);
    const ada = await one.account('ada');
    const bob = await one.account('bob');
    return new ChildScene(cluster, one, two, ada, bob, await ScriptedRunner.connect(ada));
  }

  /** A session without a parent, with its worker on the first replica. */
  async session(name = 'Parent'): Promise<ScriptedWorker> {
    const body = { runnerId: this.runner.runnerId, name };
    const { body: made } = await this.ada.post<{ sessionId: string }>('/api/sessions', body);
    return this.work(made.sessionId, this.one.url);
  }

  /** What an agent's tool asks. @throws Error with the relay's sentence */
  async ask(worker: ScriptedWorker, request: AgentChildRequest) {
    const answer = await worker.requestChildren(request);
    if (!answer.ok) throw Object.assign(new Error(answer.problem.detail), { code: answer.problem.code });
    return answer;
  }

  async spawn(
    parent: ScriptedWorker,
    request: Partial<Extract<AgentChildRequest, { request: 'spawn' }>> = {},
  ): Promise<string> {
    const spawn = { request: 'spawn' as const, callKey: v7(), prompt: 'Do it.', ...request };
    const [child] = (await this.ask(parent, spawn)).children ?? [];
    if (!child) throw new Error('No child was answered.');
    return child.sessionId;
  }

  /** Starts a worker for a session, on the second replica unless said otherwise. */
  async work(sessionId: string, url = this.two.url): Promise<ScriptedWorker> {
    await waitFor(() => this.runner.orders.some((order) => order.sessionId === sessionId), {
      description: 'its runner was ordered to start it',
    });
    const worker = await this.runner.startWorker(sessionId, url);
    worker.send({ type: 'session.opened', data: { epoch: 1, isResumed: false } });
    worker.send({ type: 'activity.changed', data: { activity: 'idle' } });
    return worker;
  }

  async view(sessionId: string): Promise<SessionView> {
    return (await this.ada.get<SessionView>(`/api/sessions/${sessionId}`)).body;
  }

  /** Its worker has done what it was told. */
  async ends({ sessionId }: ScriptedWorker): Promise<void> {
    await this.runner.report({ sessionId, state: 'ended' });
    const isOver = async () => (await this.view(sessionId)).status === 'ended';
    await waitFor(isOver, { description: 'the session has ended' });
  }

  async approvals(sessionId: string): Promise<ApprovalView[]> {
    return (await this.ada.get<{ approvals: ApprovalView[] }>(`/api/sessions/${sessionId}/approvals`)).body.approvals;
  }

  async history(sessionId: string): Promise<TriggerHistoryEntry[]> {
    return (await this.ada.get<{ triggers: TriggerHistoryEntry[] }>(`/api/sessions/${sessionId}/triggers`)).body
      .triggers;
  }

  async waiting(sessionId: string): Promise<unknown[]> {
    return (await this.ada.get<{ triggers: unknown[] }>(`/api/sessions/${sessionId}/waiting-triggers`)).body.triggers;
  }

  /** The sessions that their runner was told to stop. */
  get stopOrders(): string[] {
    return this.runner.orders.filter(({ order }) => order === 'stop').map(({ sessionId }) => sessionId);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.runner.stop();
    await this.cluster[Symbol.asyncDispose]();
  }
}

/** A trigger as a parent's worker got it. */
const Heard = Type.Object({
  triggerId: Type.String(),
  type: Type.String(),
  payload: Type.Record(Type.String(), Type.Unknown()),
  deliverAs: Type.String(),
  childSessionId: Type.Optional(Type.String()),
});
type Heard = Static<typeof Heard>;
const heardCheck = Compile(Heard);

/** The triggers that a worker got, in order. */
export function heardBy({ received }: ScriptedWorker): Heard[] {
  return received.flatMap(({ kind, text }) => {
    const trigger: unknown = kind === 'trigger' ? JSON.parse(text) : null;
    return heardCheck.Check(trigger) ? [trigger] : [];
  });
}

/** The latest trigger of a type that a worker got, when it got that many. */
export async function hears(worker: ScriptedWorker, type: string, count = 1): Promise<Heard> {
  const all = () => heardBy(worker).filter((each) => each.type === type);
  await waitFor(() => all().length >= count, { description: `${count} of ${type} were heard` });
  const [found, ...rest] = all().slice(count - 1);
  if (!found || rest.length > 0) throw new Error(`More than ${count} of ${type} were heard.`);
  return found;
}

export function asks(
  worker: ScriptedWorker,
  subject: ApprovalRequest['subject'] = QUESTION,
  more: Partial<ApprovalRequest> = {},
): ApprovalRequest {
  const request: ApprovalRequest = {
    approvalId: `apr_${v7()}`,
    toolCallId: 'call_1',
    askedAt: new Date().toISOString(),
    deadline: new Date(Date.now() + 900_000).toISOString(),
    subject,
    ...more,
  };
  worker.send(
    { type: 'activity.changed', data: { activity: 'working' } },
    { type: 'approval.requested', data: request },
    { type: 'activity.changed', data: { activity: 'waiting' } },
  );
  return request;
}

export function settles(worker: ScriptedWorker, request: ApprovalRequest, ending: Partial<SettledApproval> = {}): void {
  const settledAt = '2026-11-28T12:01:00.000Z';
  const content: SettledApproval = { role: 'approval', ...request, outcome: 'allowed', settledAt, ...ending };
  worker.send({ type: 'entry.appended', data: { entryId: v7(), kind: 'notice', ts: settledAt, content } });
}

/** A turn with an answer, or one that went wrong. */
export function finishes(worker: ScriptedWorker, text: string, stopReason = 'stop'): void {
  const content = { role: 'assistant', content: [{ type: 'text', text }], stopReason, errorMessage: text };
  worker.send(
    { type: 'activity.changed', data: { activity: 'working' } },
    { type: 'entry.appended', data: { entryId: v7(), kind: 'assistant', ts: new Date().toISOString(), content } },
    { type: 'activity.changed', data: { activity: 'idle' } },
  );
}

/** Two turns with no rest in between: the second was queued. */
export function finishesTwice(worker: ScriptedWorker, first: string, second: string): void {
  const ts = new Date().toISOString();
  const answer = (text: string) => ({ role: 'assistant', content: [{ type: 'text', text }], stopReason: 'stop' });
  worker.send(
    { type: 'activity.changed', data: { activity: 'working' } },
    { type: 'entry.appended', data: { entryId: v7(), kind: 'assistant', ts, content: answer(first) } },
    { type: 'entry.appended', data: { entryId: v7(), kind: 'user', ts, content: { role: 'user', content: 'More.' } } },
    { type: 'entry.appended', data: { entryId: v7(), kind: 'assistant', ts, content: answer(second) } },
    { type: 'activity.changed', data: { activity: 'idle' } },
  );
}

/** A worker found a turn that another one did not end. */
export const CUT_OFF = { type: 'turn.interrupted' as const, data: {} };

export const QUESTION: ApprovalRequest['subject'] = {
  kind: 'question',
  question: 'Which colour?',
  options: [{ label: 'Red' }, { label: 'Blue' }],
};
export const TOOL: ApprovalRequest['subject'] = {
  kind: 'tool',
  toolName: 'bash',
  args: { command: 'sudo reboot' },
  rule: { tool: 'bash', pattern: 'sudo *', source: '~/.pizzapi/config.json' },
};
