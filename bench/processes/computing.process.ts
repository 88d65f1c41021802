import { setTimeout as pause } from 'node:timers/promises';
import { Type } from 'typebox';
import { quantile } from '../measure/statistics.js';
import { answer, answerQuestions } from './answer-questions.js';

const CALIBRATION_ROUNDS = 50;

/**
 * Computes and does nothing else: no file, no socket, no garbage. What it takes beyond its length is time in which the machine did not
 * let it run, as a virtual machine on a shared host does not at times.
 */
answerQuestions({
  stalls: answer(
    Type.Object({ times: Type.Integer(), lastsMs: Type.Number(), restMs: Type.Number() }),
    async ({ times, lastsMs, restMs }) => {
      const steps = stepsFor(lastsMs);
      const tookMs: number[] = [];
      for (let left = times; left > 0; left--) {
        tookMs.push(compute(steps));
        await pause(restMs);
      }
      return { p99Ms: quantile(Float64Array.from(tookMs).sort(), 0.99) };
    },
  ),
});

function stepsFor(lastsMs: number): number {
  const trial = 50_000;
  const tookMs = Float64Array.from({ length: CALIBRATION_ROUNDS }, () => compute(trial)).sort();
  return Math.round((trial * lastsMs) / quantile(tookMs, 0.5));
}

/** @returns how long it took, in milliseconds */
function compute(steps: number): number {
  const startedAt = performance.now();
  let value = 1;
  for (let step = 0; step < steps; step++) value = Math.imul(value, 31) ^ step;
  const took = performance.now() - startedAt;
  // Else the loop might be left out.
  return value === 0.5 ? 0 : took;
}
