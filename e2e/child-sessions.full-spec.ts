import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gate, removeFolder, RunnerProcess, temporaryFolder, waitFor } from '@pizzapi/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AskingSessions, useModel } from './scenarios/asking-sessions.js';
import { answerIt, parentAndChild, TASK } from './scenarios/parent-and-child.js';
import { oneRelay } from './topologies/topology.js';

/** See `questions-survive.full-spec.ts` for the parent that is killed while its child asks. */
describe('a question of a child session', () => {
  let asking: AskingSessions;

  beforeAll(async () => {
    asking = await AskingSessions.start(oneRelay);
  });
  afterAll(() => asking[Symbol.asyncDispose]());

  it('goes on waiting when the child’s worker is killed, and is answered exactly once', async () => {
    const [asks, mayAnswer] = [gate(), gate()];
    asking.model.otherwise(
      parentAndChild({
        onQuestion: async (answer, triggerId) => {
          asks.open();
          await mayAnswer.opened;
          await answerIt(answer, triggerId);
        },
      }),
    );
    const { parent, child } = await asking.startPair();
    await asks.opened;
    const before = await asking.pidOf(child);
    process.kill(before, 'SIGKILL');
    const waits = async (): Promise<boolean> =>
      (await asking.pidOf(child)) !== before && (await asking.session(child)).activity === 'waiting';
    await waitFor(waits, { description: 'the next worker waits' });
    await waitFor(async () => (await asking.session(child)).isConnected, { description: 'it is connected' });
    mayAnswer.open();
    await asking.says(parent, 'All is counted.');
    await asking.expectOneAnswer(parent, child);
    expect(await asking.heard(parent)).toEqual(['session:question', 'session:completed']);
  });

  it('is answered from another machine: parent and child run on two runners, both as the parent is confined', async () => {
    const { product, model, owner, runner } = asking;
    const home = await temporaryFolder('second-runner');
    await useModel(home, model);
    const roots = [join(home, 'code')];
    await mkdir(join(home, 'code'));
    // A runner where sessions would not be confined by themselves.
    await writeFile(join(home, 'config.json'), JSON.stringify({ sandbox: { mode: 'none' } }));
    const second = await RunnerProcess.start({ home, relayUrl: product.url, roots, apiKey: owner.apiKey ?? '' });
    try {
      model.otherwise(parentAndChild({ runnerId: second.runnerId }));
      const parent = await asking.start(TASK);
      const confined = async () => (await asking.session(parent)).sandbox;
      const { mode, isEnforced } = await waitFor(confined, { description: 'it says how it is confined' });
      // To another machine an agent goes only where a person lets it, unless nothing confines it.
      if (isEnforced) await asking.allow(parent, 'spawn_session');
      const child = await asking.childOf(parent);
      await asking.says(parent, 'All is counted.');
      expect(await asking.session(parent)).toMatchObject({ runnerId: runner.runnerId });
      expect(await asking.session(child)).toMatchObject({
        runnerId: second.runnerId,
        cwd: roots[0],
        parentSessionId: parent,
        sandbox: { mode, isEnforced },
      });
      await asking.expectOneAnswer(parent, child, home);
      expect(await asking.heard(parent)).toEqual(['session:question', 'session:completed']);
    } finally {
      await second.stop();
      await removeFolder(home);
    }
  });
});
