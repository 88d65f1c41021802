import { Type } from 'typebox';
import { nowMs } from '../measure/now.js';
import { answer, answerQuestions } from '../processes/answer-questions.js';
import { BenchWorker } from './bench-worker.js';
import { sampleEvent } from './sample-events.js';
import { sendSteadily } from './steady-load.js';

let worker: BenchWorker | null = null;
let firstSeq = 0;
let sent = 0;
let slowestSeq = 0;
let onRoom = (): void => undefined;

/** The worker of a measurement, in a process of its own. */
answerQuestions({
  connect: answer(
    Type.Object({ url: Type.String(), token: Type.String(), sessionId: Type.String() }),
    async ({ url, token, sessionId }) => {
      const connected = await BenchWorker.connect(url, token, sessionId);
      worker = connected.worker;
      sent = 0;
      slowestSeq = connected.lastSeq;
      firstSeq = connected.lastSeq + 1;
      return { lastSeq: connected.lastSeq };
    },
  ),
  /** Sends `count` events as fast as they are taken, never more than `ahead` in front of the slowest viewer. */
  burst: answer(Type.Object({ count: Type.Integer(), ahead: Type.Integer() }), async ({ count, ahead }) => {
    const startedMs = nowMs();
    for (let left = count; left > 0; left--) {
      while (firstSeq + sent > slowestSeq + ahead) await new Promise<void>((resolve) => (onRoom = resolve));
      connectedWorker().send(sampleEvent(sent++));
    }
    return { startedMs, lastSeq: firstSeq + sent - 1 };
  }),
  /** Sends stamped events through the coalescer at an even rate. */
  steady: answer(
    Type.Object({ perSecond: Type.Integer(), seconds: Type.Number(), isEven: Type.Boolean() }),
    async (load) => {
      const count = await sendSteadily(connectedWorker(), load);
      sent += count;
      await connectedWorker().flushed();
      return { count, lastSeq: firstSeq + sent - 1 };
    },
  ),
  /** How far the slowest viewer has got. */
  progress: answer(Type.Object({ slowestSeq: Type.Integer() }), (news) => {
    slowestSeq = news.slowestSeq;
    onRoom();
  }),
});

function connectedWorker(): BenchWorker {
  if (!worker) throw new Error('The sender is not connected.');
  return worker;
}
