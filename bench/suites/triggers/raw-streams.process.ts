import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { Type } from 'typebox';
import { nowMs } from '../../measure/now.js';
import { quantile } from '../../measure/statistics.js';
import { answer, answerQuestions } from '../../processes/answer-questions.js';

const GROUP = 'bench';
const PADDING = 'x'.repeat(200);

/**
 * The baseline: streams without anything around them. A broadcast is one entry on a bus that a consumer group reads; it appends to a
 * stream per session and acknowledges; another consumer group reads those and acknowledges.
 */
answerQuestions({
  measure: answer(
    Type.Object({
      socket: Type.String(),
      password: Type.String(),
      sessions: Type.Integer(),
      broadcasts: Type.Integer(),
      restMs: Type.Number(),
    }),
    async ({ socket, password, sessions, broadcasts, restMs }) => {
      const connect = (): Redis => new Redis({ path: socket, password });
      const [caller, fanOut, writer, reader] = [connect(), connect(), connect(), connect()];
      const prefix = `bench:${crypto.randomUUID()}`;
      const bus = `${prefix}:bus`;
      const inboxes = Array.from({ length: sessions }, (_, at) => `${prefix}:${at}`);
      await caller.xgroup('CREATE', bus, GROUP, '0', 'MKSTREAM');
      const groups = caller.pipeline();
      for (const inbox of inboxes) groups.xgroup('CREATE', inbox, GROUP, '0', 'MKSTREAM');
      await groups.exec();

      const ages: number[] = [];
      const startedAt = performance.now();
      for (let left = broadcasts; left > 0; left--) {
        await caller.xadd(bus, '*', 'sent', String(nowMs()), 'padding', PADDING);
        await readBus(fanOut, writer, bus, inboxes);
        ages.push(...(await readInboxes(reader, inboxes)));
        if (restMs > 0) await pause(restMs);
      }
      const perSecond = broadcasts / ((performance.now() - startedAt) / 1_000);
      await caller.del(bus, ...inboxes);
      for (const connection of [caller, fanOut, writer, reader]) connection.disconnect();
      const sorted = Float64Array.from(ages).sort();
      return { p50Ms: quantile(sorted, 0.5), p99Ms: quantile(sorted, 0.99), perSecond };
    },
  ),
});

async function readBus(reader: Redis, writer: Redis, bus: string, inboxes: string[]): Promise<void> {
  for (const { id, sent } of entriesOf(
    await reader.xreadgroup('GROUP', GROUP, 'c', 'COUNT', 16, 'BLOCK', 1_000, 'STREAMS', bus, '>'),
  )) {
    const appends = writer.pipeline();
    for (const inbox of inboxes) appends.xadd(inbox, '*', 'sent', sent, 'padding', PADDING);
    await appends.exec();
    await reader.xack(bus, GROUP, id);
  }
}

async function readInboxes(reader: Redis, inboxes: string[]): Promise<number[]> {
  const ages: number[] = [];
  while (ages.length < inboxes.length) {
    const ids = inboxes.map(() => '>');
    const reply = await reader.xreadgroup('GROUP', GROUP, 'c', 'BLOCK', 1_000, 'STREAMS', ...inboxes, ...ids);
    const acks = reader.pipeline();
    for (const { stream, id, sent } of entriesOf(reply)) {
      ages.push(nowMs() - Number(sent));
      acks.xack(stream, GROUP, id);
    }
    await acks.exec();
  }
  return ages;
}

function entriesOf(reply: unknown): { stream: string; id: string; sent: string }[] {
  if (!Array.isArray(reply)) return [];
  return (reply as [string, [string, string[]][]][]).flatMap(([stream, entries]) =>
    entries.map(([id, fields]) => ({ stream, id, sent: fields[1] ?? '' })),
  );
}
