import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gate, RelayApi, waitFor } from '@pizzapi/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AskingSessions } from './scenarios/asking-sessions.js';
import { answerIt, parentAndChild } from './scenarios/parent-and-child.js';
import { twoRelays } from './topologies/topology.js';

/** Two relays behind a load balancer; whoever could lose or double an answer is killed. */
describe('a question', () => {
  let asking: AskingSessions;
  /** Where `touch` is asked about, for a second. */
  let hasty: string;

  beforeAll(async () => {
    asking = await AskingSessions.start(twoRelays);
    hasty = await folderWith('hasty', 1_000);
  });
  afterAll(() => asking[Symbol.asyncDispose]());

  /** A project with rules of its own, which can only tighten. */
  async function folderWith(name: string, deadlineMs?: number): Promise<string> {
    const folder = join(asking.product.home, 'code', name);
    await mkdir(join(folder, '.pizzapi'), { recursive: true });
    const rules = [{ tool: 'bash', pattern: 'touch *', action: 'ask' }];
    const approvals = { rules, ...(deadlineMs !== undefined && { deadlineMs }) };
    await writeFile(join(folder, '.pizzapi', 'config.json'), JSON.stringify({ approvals }));
    return folder;
  }

  it('of a child is answered exactly once, though its parent’s worker and the relays are killed while it asks', async () => {
    const { model, product } = asking;
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
    const { parent, child } = await asking.startPair();
    await deaf.opened;
    process.kill(await asking.pidOf(parent), 'SIGKILL');
    for (const relay of product.relays) {
      await relay.kill('SIGKILL');
      await relay.start();
    }
    await asking.says(parent, 'All is counted.');
    expect(asked).toBe(2);
    await asking.expectOneAnswer(parent, child);
    // It was asked, and asked again.
    expect(await asking.heard(parent)).toEqual(['session:question', 'session:question', 'session:completed']);
  });

  it('is answered by the first of two who answer at once, each at another replica, and the other is told by whom', async () => {
    const folder = await folderWith('careful');
    asking.model.next(
      (answer) => answer.toolCall('bash', { command: 'touch sliced' }),
      (answer) => answer.text('So it is.'),
    );
    const sessionId = await asking.start('Slice it', folder);
    const waiting = async () => (await asking.approvals(sessionId))[0];
    const { approvalId } = await waitFor(waiting, { description: 'it is asked' });
    const answers = await Promise.all(
      asking.product.relays.map(({ url }, at) =>
        new RelayApi(url, asking.owner.apiKey).post<{ code?: string; detail?: string }>(
          `/api/approvals/${approvalId}`,
          {
            decision: at === 0 ? 'allow' : 'deny',
            text: `From replica ${at}.`,
          },
        ),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 409]);
    const first = answers.findIndex(({ status }) => status === 204);
    const outcome = first === 0 ? 'allowed' : 'denied';
    expect(answers[1 - first]?.body).toMatchObject({
      code: 'approval_answered',
      detail: expect.stringContaining(`has answered this already: ${outcome}`),
    });
    await asking.says(sessionId, 'So it is.');
    expect(await asking.approvals(sessionId)).toMatchObject([
      { approvalId, outcome, text: `From replica ${first}.`, answeredBy: { name: 'ada' } },
    ]);
    expect(asking.settledIn(sessionId)).toBe(1);
    expect(existsSync(join(folder, 'sliced'))).toBe(first === 0);
  });

  it('that nobody answers in time means no, also where no relay is there to ask anybody', async () => {
    const { model, product } = asking;
    const mayCall = gate();
    model.next(
      async (answer) => {
        await mayCall.opened;
        await answer.toolCall('bash', { command: 'touch burnt' });
      },
      (answer) => answer.text('Nobody let me.'),
    );
    const sessionId = await asking.start('Burn it', hasty);
    await waitFor(async () => (await asking.session(sessionId)).activity === 'working', { description: 'it works' });
    for (const relay of product.relays) await relay.kill('SIGKILL');
    mayCall.open();
    await waitFor(() => asking.settledIn(sessionId) === 1, { description: 'its time is over' });
    expect(existsSync(join(hasty, 'burnt'))).toBe(false);
    for (const relay of product.relays) await relay.start();
    await asking.says(sessionId, 'Nobody let me.');
    expect(JSON.stringify(model.requests.at(-1)?.messages)).toContain('which means no');
    expect(await asking.approvals(sessionId)).toMatchObject([{ outcome: 'expired', answeredBy: null }]);
    expect(existsSync(join(hasty, 'burnt'))).toBe(false);
  });
});
