import { Agent, request } from 'node:http';
import { Type } from 'typebox';
import { nowMs } from '../../measure/now.js';
import { answer, answerQuestions } from '../../processes/answer-questions.js';

const Target = { url: Type.String(), apiKey: Type.String(), type: Type.String() };
const PADDING = 'x'.repeat(200);

const calm = new Agent({ keepAlive: true, maxSockets: 1 });

interface Call {
  url: string;
  apiKey: string;
  type: string;
}

/** Whoever fires triggers, by HTTP with kept connections. */
answerQuestions({
  fire: answer(Type.Object(Target), async (call) => ({ tookMs: await fire(call, calm) })),
  /** Callers that fire again as soon as they are answered. */
  steadily: answer(
    Type.Object({ ...Target, callers: Type.Integer(), seconds: Type.Number(), atMost: Type.Optional(Type.Integer()) }),
    async ({ callers, seconds, atMost = Infinity, ...call }) => {
      const agent = new Agent({ keepAlive: true, maxSockets: callers });
      const end = performance.now() + seconds * 1_000;
      let count = 0;
      const caller = async (): Promise<void> => {
        while (performance.now() < end && count < atMost) {
          count++;
          await fire(call, agent);
        }
      };
      await Promise.all(Array.from({ length: callers }, caller));
      agent.destroy();
      return { count };
    },
  ),
});

/** @returns how long the answer took, in milliseconds */
function fire({ url, apiKey, type }: Call, agent: Agent): Promise<number> {
  const startedAt = performance.now();
  const body = JSON.stringify({ type, payload: { sentMs: nowMs(), padding: PADDING }, source: 'bench' });
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'x-api-key': apiKey,
  };
  return new Promise((resolve, reject) => {
    const call = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.on('end', () => {
        if (response.statusCode === 202) resolve(performance.now() - startedAt);
        else reject(new Error(`A trigger was answered ${response.statusCode}.`));
      });
    });
    call.on('error', reject);
    call.end(body);
  });
}
