import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type SessionView, type TranscriptPage } from '@pizzapi/protocol';
import {
  type Gate,
  gate,
  type RelayApi,
  type RunnerProcess,
  type ScriptedModel,
  startScriptedModel,
  TestViewer,
  waitFor,
  wordsUntil,
} from '@pizzapi/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Topology } from '../topologies/topology.js';
import { ownRunner } from './own-runner.js';
import { daemonPid, isAlive, workerPid } from './runner-pids.js';
import { messageIdsInFile } from './session-messages.js';

/** The real product, a model that speaks until it is told to end, and processes that die: what the session's own file holds is what viewers and transcript show, once each. */
export function survivesKills(start: () => Promise<Topology>): void {
  describe('sessions outlive the processes around them', () => {
    let model: ScriptedModel;
    let product: Topology;
    let runner: RunnerProcess;
    let owner: RelayApi;

    beforeAll(async () => {
      model = await startScriptedModel();
      model.otherwise((answer) => answer.text('That is done.'));
      product = await start();
      mkdirSync(join(product.home, 'agent'), { recursive: true });
      writeFileSync(join(product.home, 'agent', 'models.json'), JSON.stringify(model.modelsJson));
      ({ owner, runner } = await ownRunner(product));
    });
    afterAll(async () => {
      await runner.stop();
      await product.stop();
      await model.close();
    });

    it('kill -9 of the daemon: the worker goes on, and the next daemon adopts it', async () => {
      const end = gate();
      const { sessionId, viewer } = await startSession('Outlive your daemon', end);
      const worker = await waitFor(() => workerPid(product.home, sessionId), { description: 'a worker runs' });
      await working(viewer);
      process.kill(daemonPid(runner), 'SIGKILL');
      end.open();
      await idle(viewer);
      expect(isAlive(worker)).toBe(true);
      // Adopted: the new daemon stops it when the session is stopped.
      await waitFor(async () => (await owner.get<{ online: boolean }>(`/api/runners/${runner.runnerId}`)).body.online, {
        description: 'the runner is back',
      });
      await owner.post(`/api/sessions/${sessionId}/stop`);
      await waitFor(() => !isAlive(worker), { description: 'the adopted worker ended' });
      await ended(sessionId);
      await expectWhole(sessionId, viewer);
    });

    it('kill -9 of the worker: the session says so, resumes from its file, and goes on when asked', async () => {
      const { sessionId, viewer } = await startSession('Outlive yourself', gate());
      const first = await waitFor(() => workerPid(product.home, sessionId), { description: 'a worker runs' });
      await working(viewer);
      process.kill(first, 'SIGKILL');
      await waitFor(() => viewer.events.some(({ type }) => type === 'turn.interrupted'), {
        description: 'the interruption is shown',
      });
      const second = await waitFor(() => workerPid(product.home, sessionId), { description: 'a new worker runs' });
      expect(second).not.toBe(first);
      const answer = await owner.post(`/api/sessions/${sessionId}/continue`);
      expect(answer.status).toBeLessThan(300);
      const interruption = viewer.events.findLast(({ type }) => type === 'turn.interrupted')?.seq ?? 0;
      await waitFor(() => viewer.events.some(({ seq, type }) => seq > interruption && type === 'message.started'), {
        description: 'it answers again',
      });
      await idle(viewer);
      await expectWhole(sessionId, viewer);
    });

    it('kill -9 of every relay in mid-turn: the turn goes on and everything arrives', async () => {
      const end = gate();
      const { sessionId, viewer } = await startSession('Outlive your relay', end);
      await working(viewer);
      for (const relay of product.relays) {
        await relay.kill('SIGKILL');
        await relay.start();
      }
      end.open();
      await idle(viewer);
      await expectWhole(sessionId, viewer);
    });

    it('SIGTERM of the runner leaves no process, and its sessions come back with it', async () => {
      const end = gate();
      const { sessionId, viewer } = await startSession('Come back', end);
      await working(viewer);
      end.open();
      await idle(viewer);
      const worker = workerPid(product.home, sessionId);
      await runner.stop();
      expect(worker !== null && isAlive(worker)).toBe(false);
      const queued = await owner.post<{ inputId: string }>(`/api/sessions/${sessionId}/input`, {
        text: 'While you were away',
      });
      expect(queued.status).toBe(202);
      await runner.start();
      await waitFor(
        () =>
          viewer.events.some(
            (event) =>
              event.type === 'entry.appended' && JSON.stringify(event.data.content).includes('While you were away'),
          ),
        {
          description: 'the waiting input entered the conversation',
        },
      );
      await idle(viewer);
      await expectWhole(sessionId, viewer);
    });

    /** Its first turn ends with the gate. */
    async function startSession(prompt: string, end: Gate): Promise<{ sessionId: string; viewer: TestViewer }> {
      model.next(wordsUntil(end));
      const created = await owner.post<{ sessionId: string }>('/api/sessions', { runnerId: runner.runnerId, prompt });
      expect(created.status).toBe(202);
      const { sessionId } = created.body;
      return { sessionId, viewer: new TestViewer(product.url, owner.apiKey ?? '', sessionId, 0) };
    }

    async function working(viewer: TestViewer): Promise<void> {
      await waitFor(() => viewer.events.some(({ type }) => type === 'message.delta'), {
        description: 'the agent streams',
      });
    }

    async function session(sessionId: string): Promise<SessionView> {
      return (await owner.get<SessionView>(`/api/sessions/${sessionId}`)).body;
    }

    /** Idle after all that the viewer has seen so far: what the relay answers may be behind what it has sent. */
    async function idle({ sessionId, lastSeq }: TestViewer): Promise<void> {
      await waitFor(
        async () => {
          const { activity, lastEventSeq } = await session(sessionId);
          return activity === 'idle' && lastEventSeq >= lastSeq;
        },
        { description: 'the session is idle', timeoutMs: 60_000 },
      );
    }

    async function ended(sessionId: string): Promise<void> {
      await waitFor(async () => (await session(sessionId)).status === 'ended', {
        description: 'the session has ended',
      });
    }

    /** The file, the transcript and the viewer tell the same messages, each once and in one order. */
    async function expectWhole(sessionId: string, viewer: TestViewer): Promise<void> {
      const written = messageIdsInFile(product.home, sessionId);
      expect(written.length).toBeGreaterThan(1);
      await waitFor(async () => (await transcriptIds(sessionId)).length >= written.length, {
        description: 'the transcript is level with the file',
      });
      expect(await transcriptIds(sessionId)).toEqual(written);
      await viewer.reached((await session(sessionId)).lastEventSeq);
      const shown = viewer.events.flatMap((event) => (event.type === 'entry.appended' ? [event.data.entryId] : []));
      expect(shown).toEqual(written);
      expect(viewer.count).toMatchObject({ duplicates: 0, gaps: 0, foreign: 0 });
      viewer.stop();
    }

    async function transcriptIds(sessionId: string): Promise<string[]> {
      const page = await owner.get<TranscriptPage>(`/api/sessions/${sessionId}/transcript?limit=200`);
      return page.body.entries.map(({ entryId }) => entryId);
    }
  });
}
