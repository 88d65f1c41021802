import { mkdir, writeFile } from 'node:fs/promises';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApprovalView, SessionView, TranscriptPage } from '@pizzapi/protocol';
import {
  gate,
  type RelayApi,
  removeFolder,
  RunnerProcess,
  type ScriptedModel,
  startScriptedModel,
  temporaryFolder,
  waitFor,
} from '@pizzapi/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownRunner } from './scenarios/own-runner.js';
import { answerIt, parentAndChild, TASK } from './scenarios/parent-and-child.js';
import { workerPid } from './scenarios/runner-pids.js';
import { oneRelay, type Topology } from './topologies/topology.js';

/** The built product and real pi; whoever could lose or double an answer is killed while a child asks. */
describe('a question of a child session', () => {
  let product: Topology;
  let runner: RunnerProcess;
  let owner: RelayApi;
  let model: ScriptedModel;

  beforeAll(async () => {
    [product, model] = await Promise.all([oneRelay(), startScriptedModel()]);
    await useModel(product.home);
    ({ owner, runner } = await ownRunner(product));
  });
  afterAll(async () => {
    await runner.stop();
    await product.stop();
    await model.close();
  });

  it('is answered exactly once, though the parent’s worker and the relay are killed while it asks', async () => {
    const deaf = gate();
    // Its first turn with the question never comes to an answer.
    let asked = 0;
    model.otherwise(
      parentAndChild({
        onQuestion: (answer, triggerId) => {
          asked++;
          if (asked > 1) return answerIt(answer, triggerId);
          deaf.open();
          return answer.hang();
        },
      }),
    );
    const { parent, child } = await begin();
    await deaf.opened;
    process.kill(await pidOf(parent), 'SIGKILL');
    for (const relay of product.relays) {
      await relay.kill('SIGKILL');
      await relay.start();
    }
    await finished(parent);
    expect(asked).toBe(2);
    await expectOneAnswer(parent, child);
    // It was asked, and asked again.
    expect(await heard(parent)).toEqual(['session:question', 'session:question', 'session:completed']);
  });

  it('goes on waiting when the child’s worker is killed, and is answered exactly once', async () => {
    const [asks, mayAnswer] = [gate(), gate()];
    model.otherwise(
      parentAndChild({
        onQuestion: async (answer, triggerId) => {
          asks.open();
          await mayAnswer.opened;
          await answerIt(answer, triggerId);
        },
      }),
    );
    const { parent, child } = await begin();
    await asks.opened;
    const before = await pidOf(child);
    process.kill(before, 'SIGKILL');
    await waitFor(async () => (await pidOf(child)) !== before && (await session(child)).activity === 'waiting', {
      description: 'the next worker waits',
    });
    await waitFor(async () => (await session(child)).isConnected, { description: 'it is connected' });
    mayAnswer.open();
    await finished(parent);
    await expectOneAnswer(parent, child);
    expect(await heard(parent)).toEqual(['session:question', 'session:completed']);
  });

  it('is answered from another machine: parent and child run on two runners', async () => {
    const home = await temporaryFolder('second-runner');
    await useModel(home);
    const roots = [join(home, 'code')];
    await mkdir(join(home, 'code'));
    const second = await RunnerProcess.start({ home, relayUrl: product.url, roots, apiKey: owner.apiKey ?? '' });
    try {
      model.otherwise(parentAndChild({ runnerId: second.runnerId }));
      const { parent, child } = await begin();
      await finished(parent);
      expect(await session(parent)).toMatchObject({ runnerId: runner.runnerId });
      expect(await session(child)).toMatchObject({ runnerId: second.runnerId, cwd: roots[0], parentSessionId: parent });
      await expectOneAnswer(parent, child, home);
      expect(await heard(parent)).toEqual(['session:question', 'session:completed']);
    } finally {
      await second.stop();
      await removeFolder(home);
    }
  });

  async function useModel(home: string): Promise<void> {
    await mkdir(join(home, 'agent'), { recursive: true });
    await writeFile(join(home, 'agent', 'models.json'), JSON.stringify(model.modelsJson));
  }

  async function begin(): Promise<{ parent: string; child: string }> {
    const { body } = await owner.post<{ sessionId: string }>('/api/sessions', {
      runnerId: runner.runnerId,
      prompt: TASK,
    });
    const parent = body.sessionId;
    const children = async (): Promise<string | undefined> => {
      const list = await owner.get<{ sessions: SessionView[] }>(`/api/sessions?parentSessionId=${parent}`);
      return list.body.sessions[0]?.sessionId;
    };
    return { parent, child: await waitFor(children, { description: 'there is a child' }) };
  }

  async function session(sessionId: string): Promise<SessionView> {
    return (await owner.get<SessionView>(`/api/sessions/${sessionId}`)).body;
  }

  function pidOf(sessionId: string): Promise<number> {
    return waitFor(() => workerPid(product.home, sessionId), { description: 'a worker runs' });
  }

  async function finished(sessionId: string): Promise<void> {
    const entries = async (): Promise<string> =>
      JSON.stringify((await owner.get<TranscriptPage>(`/api/sessions/${sessionId}/transcript?limit=200`)).body.entries);
    await waitFor(async () => (await entries()).includes('All is counted.'), {
      description: 'the parent heard of the end',
      timeoutMs: 60_000,
    });
  }

  async function heard(sessionId: string): Promise<string[]> {
    const { body } = await owner.get<{ triggers: { type: string }[] }>(`/api/sessions/${sessionId}/triggers`);
    return body.triggers.map(({ type }) => type).reverse();
  }

  /** One question, one answer of the parent's, one result that the model read: in the file and over REST. */
  async function expectOneAnswer(parent: string, child: string, home = product.home): Promise<void> {
    const { body } = await owner.get<{ approvals: ApprovalView[] }>(`/api/sessions/${child}/approvals`);
    expect(body.approvals).toMatchObject([
      { outcome: 'allowed', text: 'Only whole slices.', answeredBy: { sessionId: parent } },
    ]);
    const lines = fileOf(child, home).split('\n');
    expect(lines.filter((line) => line.includes('"customType":"approval"'))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('"role":"toolResult"'))).toHaveLength(1);
  }

  function fileOf(sessionId: string, home: string): string {
    const folder = join(home, 'agent', 'sessions');
    const name = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((each) =>
      each.endsWith(`${sessionId}.jsonl`),
    );
    if (name === undefined) throw new Error(`No session file of ${sessionId}.`);
    return readFileSync(join(folder, name), 'utf8');
  }
});
