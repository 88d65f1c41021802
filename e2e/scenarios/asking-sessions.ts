import { mkdir, writeFile } from 'node:fs/promises';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApprovalView, SessionView, TranscriptPage } from '@pizzapi/protocol';
import { type RelayApi, type RunnerProcess, type ScriptedModel, startScriptedModel, waitFor } from '@pizzapi/testing';
import { expect } from 'vitest';
import type { Topology } from '../topologies/topology.js';
import { ownRunner } from './own-runner.js';
import { TASK } from './parent-and-child.js';
import { workerPid } from './runner-pids.js';

/** The built product and real pi: sessions that ask, and what becomes of their questions. */
export class AskingSessions implements AsyncDisposable {
  private constructor(
    readonly product: Topology,
    readonly model: ScriptedModel,
    readonly owner: RelayApi,
    readonly runner: RunnerProcess,
  ) {}

  static async start(topology: () => Promise<Topology>): Promise<AskingSessions> {
    const [product, model] = await Promise.all([topology(), startScriptedModel()]);
    await useModel(product.home, model);
    const { owner, runner } = await ownRunner(product);
    return new AskingSessions(product, model, owner, runner);
  }

  async start(prompt: string, cwd?: string): Promise<string> {
    const { runnerId } = this.runner;
    const request = { runnerId, prompt, ...(cwd !== undefined && { cwd }) };
    const { status, body } = await this.owner.post<{ sessionId: string }>('/api/sessions', request);
    expect(status).toBe(202);
    return body.sessionId;
  }

  /** A session that starts another one. */
  async startPair(): Promise<{ parent: string; child: string }> {
    const parent = await this.start(TASK);
    return { parent, child: await this.childOf(parent) };
  }

  /** A session's child, as soon as there is one. */
  childOf(parent: string): Promise<string> {
    const children = async (): Promise<string | undefined> => {
      const list = await this.owner.get<{ sessions: SessionView[] }>(`/api/sessions?parentSessionId=${parent}`);
      return list.body.sessions[0]?.sessionId;
    };
    return waitFor(children, { description: 'there is a child' });
  }

  async session(sessionId: string): Promise<SessionView> {
    return (await this.owner.get<SessionView>(`/api/sessions/${sessionId}`)).body;
  }

  async approvals(sessionId: string): Promise<ApprovalView[]> {
    const list = await this.owner.get<{ approvals: ApprovalView[] }>(`/api/sessions/${sessionId}/approvals`);
    return list.body.approvals;
  }

  /** A person allows what a session asks about next. */
  async allow(sessionId: string, toolName: string): Promise<void> {
    const asked = async (): Promise<ApprovalView | undefined> =>
      (await this.approvals(sessionId)).find(({ outcome }) => outcome === null);
    const { approvalId, subject } = await waitFor(asked, { description: `${toolName} is asked about` });
    expect(subject).toMatchObject({ toolName });
    const answer = await this.owner.post(`/api/approvals/${approvalId}`, { decision: 'allow' });
    expect(answer.status).toBe(204);
  }

  pidOf(sessionId: string): Promise<number> {
    return waitFor(() => workerPid(this.product.home, sessionId), { description: 'a worker runs' });
  }

  /** The transcript has these words. */
  async says(sessionId: string, words: string): Promise<void> {
    const entries = async (): Promise<string> => {
      const page = await this.owner.get<TranscriptPage>(`/api/sessions/${sessionId}/transcript?limit=200`);
      return JSON.stringify(page.body.entries);
    };
    await waitFor(async () => (await entries()).includes(words), { description: words, timeoutMs: 60_000 });
  }

  /** The types of the triggers that a session received, in their order. */
  async heard(sessionId: string): Promise<string[]> {
    const { body } = await this.owner.get<{ triggers: { type: string }[] }>(`/api/sessions/${sessionId}/triggers`);
    return body.triggers.map(({ type }) => type).reverse();
  }

  /** One question, one answer of the parent's, one result that the model read: in the file and over REST. */
  async expectOneAnswer(parent: string, child: string, home = this.product.home): Promise<void> {
    expect(await this.approvals(child)).toMatchObject([
      { outcome: 'allowed', text: 'Only whole slices.', answeredBy: { sessionId: parent } },
    ]);
    expect(this.settledIn(child, home)).toBe(1);
    const lines = this.fileOf(child, home).split('\n');
    expect(lines.filter((line) => line.includes('"role":"toolResult"'))).toHaveLength(1);
  }

  /** How many questions a session's file has as answered or over. */
  settledIn(sessionId: string, home = this.product.home): number {
    return this.fileOf(sessionId, home).split('"customType":"approval"').length - 1;
  }

  fileOf(sessionId: string, home = this.product.home): string {
    const folder = join(home, 'agent', 'sessions');
    const name = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((each) =>
      each.endsWith(`${sessionId}.jsonl`),
    );
    if (name === undefined) throw new Error(`No session file of ${sessionId}.`);
    return readFileSync(join(folder, name), 'utf8');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.runner.stop();
    await this.product.stop();
    await this.model.close();
  }
}

/** A runner with this home has the scripted model. */
export async function useModel(home: string, model: ScriptedModel): Promise<void> {
  await mkdir(join(home, 'agent'), { recursive: true });
  await writeFile(join(home, 'agent', 'models.json'), JSON.stringify(model.modelsJson));
}
