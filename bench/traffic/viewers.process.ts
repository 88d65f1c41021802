import { Type } from 'typebox';
import { answer, answerQuestions, tellParent } from '../processes/answer-questions.js';
import { nowMs } from '../measure/now.js';
import { quantile } from '../measure/statistics.js';
import { CountingViewer } from './counting-viewer.js';

/** How often the slowest viewer's number is reported, in events. */
const REPORT_EVERY = 256;

let viewers: CountingViewer[] = [];
let reportedSeq = 0;
let goal: { seq: number; reached: (ms: number) => void } | null = null;

/** All viewers of a measurement live in one process, apart from server and sender. */
answerQuestions({
  open: answer(
    Type.Object({
      url: Type.String(),
      headers: Type.Record(Type.String(), Type.String()),
      sessionId: Type.String(),
      afterSeq: Type.Integer(),
      count: Type.Integer(),
    }),
    async ({ url, headers, sessionId, afterSeq, count }) => {
      reportedSeq = afterSeq;
      viewers = Array.from({ length: count }, () => new CountingViewer(url, headers, sessionId, afterSeq, onProgress));
      await Promise.all(viewers.map((viewer) => viewer.attached()));
    },
  ),
  /** Answers when the slowest viewer has the number. */
  reach: answer(Type.Object({ seq: Type.Integer() }), async ({ seq }) => {
    const reachedMs = slowest() >= seq ? nowMs() : await new Promise<number>((reached) => (goal = { seq, reached }));
    return { reachedMs };
  }),
  /** What was counted since the last time. */
  count: answer(Type.Object({}), () => {
    const ages = viewers.flatMap((viewer) => viewer.ages.splice(0)).sort((a, b) => a - b);
    const sum = (of: (viewer: CountingViewer) => number): number =>
      viewers.reduce((total, viewer) => total + of(viewer), 0);
    const counted = {
      received: sum(({ received }) => received),
      missed: sum(({ missed }) => missed),
      duplicates: sum(({ duplicates }) => duplicates),
      stamped: ages.length,
      p50Ms: ages.length === 0 ? 0 : quantile(ages, 0.5),
      p99Ms: ages.length === 0 ? 0 : quantile(ages, 0.99),
      maxMs: ages.at(-1) ?? 0,
    };
    for (const viewer of viewers) viewer.received = viewer.missed = viewer.duplicates = 0;
    return counted;
  }),
});

/** A viewer has the number `seq`. Called for every event of every viewer, so it looks at all of them only now and then. */
function onProgress(seq: number): void {
  if (seq % REPORT_EVERY === 0) {
    const slowestSeq = slowest();
    if (slowestSeq >= reportedSeq + REPORT_EVERY) {
      reportedSeq = slowestSeq;
      tellParent({ slowestSeq });
    }
  }
  if (goal && seq >= goal.seq && slowest() >= goal.seq) {
    goal.reached(nowMs());
    goal = null;
  }
}

function slowest(): number {
  return viewers.reduce((least, { lastSeq }) => Math.min(least, lastSeq), Infinity);
}
