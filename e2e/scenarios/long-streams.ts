import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { SessionView } from '@pizzapi/protocol';
import {
  killProcess,
  RelayApi,
  RunnerProcess,
  type ScriptedModel,
  startScriptedModel,
  TestViewer,
  waitFor,
} from '@pizzapi/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Topology } from '../topologies/topology.js';
import { daemonPid, workerPid } from './runner-pids.js';

const SESSIONS = 6;
/** A little more than a frame apart, so that each word is an event of its own. */
const PACE_MS = 17;
/** Of a test's sessions together, before their streams may end: on a busy machine one event has many words. */
const EVENTS = 2_000;
/** The last word. */
const END = 'end.';

interface Watched {
  sessionId: string;
  viewer: TestViewer;
}

/** Real workers on a model that streams for long, thousands of events, and what kills processes in mid-stream. */
export function longStreams(start: () => Promise<Topology>): void {
  describe('long streams', () => {
    let product: Topology;
    let model: ScriptedModel;
    let runner: RunnerProcess;
    let owner: RelayApi;
    let mayEnd = false;

    beforeAll(async () => {
      product = await start();
      model = await startScriptedModel();
      model.otherwise(async (answer) => {
        for (let word = 0; !mayEnd; word++) {
          await answer.text(`w${word} `);
          await pause(PACE_MS);
        }
        await answer.text(END);
      });
      const code = join(product.home, 'code');
      await Promise.all([mkdir(code), mkdir(join(product.home, 'agent'), { recursive: true })]);
      await writeFile(join(product.home, 'agent', 'models.json'), JSON.stringify(model.modelsJson));
      owner = await new RelayApi(product.url).register('ada@example.com');
      runner = await RunnerProcess.start({
        home: product.home,
        relayUrl: product.url,
        roots: [code],
        apiKey: owner.apiKey ?? '',
        // One after another, on a busy machine the first would have finished before the last streams.
        env: { PIZZAPI_MAX_WORKER_STARTS: String(SESSIONS) },
      });
    });
    afterAll(async () => {
      mayEnd = true;
      await runner.stop();
      await model.close();
      await product.stop();
    });

    it('go on through kill -9 of the daemon', async () => {
      const watched = await openSessions('Write much');
      killProcess(daemonPid(runner));
      await end(watched);
    });

    it('are begun again, when asked, after kill -9 of their workers', async () => {
      const watched = await openSessions('Write much again');
      const killed = watched.slice(0, SESSIONS / 2);
      for (const { sessionId } of killed) killProcess(workerPid(product.home, sessionId));
      for (const { sessionId, viewer } of killed) {
        await waitFor(() => viewer.events.some(({ type }) => type === 'turn.interrupted'), {
          description: 'the interruption is shown',
        });
        await waitFor(async () => (await owner.post(`/api/sessions/${sessionId}/continue`)).status < 300, {
          description: 'it goes on',
        });
        const interruption = viewer.events.findLast(({ type }) => type === 'turn.interrupted')?.seq ?? 0;
        await waitFor(() => viewer.events.some(({ seq, type }) => seq > interruption && type === 'message.started'), {
          description: 'it works again',
        });
      }
      await end(watched);
    });

    it('are whole for a viewer that was cut off for a minute', async () => {
      const watched = await openSessions('Write for more than a minute', 1);
      for (const { viewer } of watched) viewer.socket.disconnect();
      await pause(60_000);
      for (const { viewer } of watched) viewer.socket.connect();
      await end(watched);
    });

    /** Opens sessions and waits until each of them streams, all at the same time. */
    async function openSessions(prompt: string, count = SESSIONS): Promise<Watched[]> {
      mayEnd = false;
      const opened = Array.from({ length: count }, async () => {
        const { status, body } = await owner.post<{ sessionId: string }>('/api/sessions', {
          runnerId: runner.runnerId,
          prompt,
        });
        expect(status).toBe(202);
        const viewer = new TestViewer(product.url, owner.apiKey ?? '', body.sessionId, 0);
        await waitFor(() => viewer.events.length > 50, { description: 'the session streams', timeoutMs: 60_000 });
        return { sessionId: body.sessionId, viewer };
      });
      return Promise.all(opened);
    }

    async function session(sessionId: string): Promise<SessionView> {
      return (await owner.get<SessionView>(`/api/sessions/${sessionId}`)).body;
    }

    /** Idle after all that the viewer has seen so far, and the viewer has everything that the log has. */
    async function idle({ sessionId, viewer }: Watched): Promise<void> {
      const { lastSeq } = viewer;
      await waitFor(
        async () => {
          const { activity, lastEventSeq } = await session(sessionId);
          return activity === 'idle' && lastEventSeq >= lastSeq;
        },
        { description: 'the session is idle', timeoutMs: 200_000 },
      );
      await viewer.reached((await session(sessionId)).lastEventSeq);
    }

    /** Lets the streams end once they are long: each viewer has seen one whole answer. */
    async function end(watched: Watched[]): Promise<void> {
      const seen = (): number => watched.reduce((sum, { viewer }) => sum + viewer.count.applied, 0);
      await waitFor(() => seen() > EVENTS, { description: 'thousands of events', timeoutMs: 200_000 });
      mayEnd = true;
      await Promise.all(watched.map(idle));
      for (const { viewer } of watched) {
        expect(viewer.count).toMatchObject({ duplicates: 0, gaps: 0, foreign: 0, resyncs: 0 });
        const answers = finishedAnswers(viewer);
        expect(answers).toEqual(answers.slice(0, 1).map(wholeAnswerOfLength));
        expect(answers).toHaveLength(1);
        viewer.stop();
      }
    }
  });
}

/** What the deltas of each finished message add up to: a delta that was lost or came twice would show. */
function finishedAnswers(viewer: TestViewer): string[] {
  const texts = new Map<string, string>();
  const finished: string[] = [];
  for (const event of viewer.events) {
    if (event.type === 'message.delta' && event.data.kind === 'text') {
      texts.set(event.data.messageId, (texts.get(event.data.messageId) ?? '') + event.data.delta);
    }
    const messageId =
      event.type === 'entry.appended' && event.data.kind === 'assistant' ? event.data.messageId : undefined;
    if (messageId !== undefined) finished.push(texts.get(messageId) ?? '');
  }
  return finished;
}

/** What the model says in as many words: one that is lost, doubled or in another's place would show. */
function wholeAnswerOfLength(text: string): string {
  const words = text.split(' ').length - 1;
  return Array.from({ length: words }, (_, word) => `w${word} `).join('') + END;
}
