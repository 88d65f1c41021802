import { Injectable } from '@nestjs/common';
import { DeliveredTrigger, InboxItem, type Trigger, type TriggerHistoryEntry } from '@pizzapi/protocol';
import { PinoLogger } from 'nestjs-pino';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { sessionKeys } from '../../../platform/redis/keys.js';
import { Redis } from '../../../platform/redis/redis.js';
import type { ScriptCall } from '../../../platform/redis/redis-script.js';
import type { NewDelivery } from '../inbox/session-inbox.js';
import { HistoryTimes } from './history-times.js';
import { TriggerResponses } from './trigger-responses.js';
import { enterHistory } from './trigger-history.scripts.js';

const checkItem = Compile(InboxItem);
const checkTrigger = Compile(DeliveredTrigger);
const checkFired = Compile(Type.Object({ direction: Type.Literal('outbound') }));

/** The triggers that reached a session's file, and those that it fired itself, newest first. */
@Injectable()
export class TriggerHistory {
  /** The specification's limits. */
  static readonly MAX_ENTRIES = 200;
  static readonly KEEP_MS = 24 * 3_600_000;
  private readonly times = new HistoryTimes();

  constructor(
    private readonly redis: Redis,
    private readonly responses: TriggerResponses,
    private readonly logger: PinoLogger,
  ) {}

  async list(sessionId: string, limit: number): Promise<TriggerHistoryEntry[]> {
    const count = Math.min(limit, TriggerHistory.MAX_ENTRIES);
    const lines = await this.redis.commands.lrange(sessionKeys.history(sessionId), 0, count - 1);
    const entries = lines.flatMap((line) => {
      // "<when it was received> … <the item>": in between is what the inbox had of it, if it came from there.
      const entry = historyEntry(line.slice(line.indexOf('{')), line.slice(0, line.indexOf(' ')));
      if (!entry) this.logger.error({ sessionId }, 'An entry of a trigger history cannot be read');
      return entry ?? [];
    });
    // A crash between this and the trigger's record makes the worker say once more that it has it; the earlier word counts.
    const last = new Map(entries.map(({ deliveryId }, at) => [deliveryId, at]));
    const received = entries.filter(({ deliveryId }, at) => last.get(deliveryId) === at);
    return this.responses.with(sessionId, received);
  }

  /** Enters triggers that workers got without the inbox. @returns for each session what went wrong, if anything */
  async enter(received: readonly { sessionId: string; items: readonly NewDelivery[] }[]): Promise<(Error | null)[]> {
    const replies = await enterHistory.runAll(
      this.redis.commands,
      received.map(({ sessionId, items }) => this.entering(sessionId, items)),
    );
    return replies.map((reply) => (reply instanceof Error ? reply : null));
  }

  /** Enters what a session fired itself. May be repeated. */
  async enterFired(sessionId: string, deliveryId: string, trigger: DeliveredTrigger): Promise<void> {
    const { deliverAs, ts } = trigger;
    const text = JSON.stringify(trigger);
    const { keys, args } = this.entering(sessionId, [
      { deliveryId, kind: 'trigger', deliverAs, ts, text, direction: 'outbound' },
    ]);
    await enterHistory.run(this.redis.commands, keys, args);
  }

  private entering(sessionId: string, items: readonly (NewDelivery & { direction?: 'outbound' })[]): ScriptCall {
    const ts = new Date().toISOString();
    const isDue = this.times.isDue(sessionId) ? '1' : '0';
    return {
      keys: [sessionKeys.history(sessionId), sessionKeys.deliveries(sessionId), sessionKeys.responses(sessionId)],
      args: [
        TriggerHistory.MAX_ENTRIES,
        TriggerHistory.KEEP_MS,
        isDue,
        ...items.map((item) => `${ts} ${JSON.stringify(item)}`),
      ],
    };
  }

  async clear(sessionId: string): Promise<void> {
    await this.redis.commands
      .multi()
      .del(sessionKeys.history(sessionId), sessionKeys.responses(sessionId))
      .spublish(sessionKeys.deliveries(sessionId), '')
      .exec();
  }
}

/** The trigger in an inbox item; null for a person's input, or when it is damaged. */
export function triggerOf({ kind, text }: Pick<NewDelivery, 'kind' | 'text'>): DeliveredTrigger | null {
  if (kind !== 'trigger') return null;
  const value: unknown = JSON.parse(text);
  return checkTrigger.Check(value) ? value : null;
}

function historyEntry(json: string, ts: string): TriggerHistoryEntry | null {
  const value: unknown = JSON.parse(json);
  const item: unknown = typeof value === 'object' && value !== null ? { cursor: '', ...value } : null;
  const trigger = checkItem.Check(item) ? triggerOf(item) : null;
  if (!trigger || !checkItem.Check(item)) return null;
  const entry = entryOf(trigger, item.deliveryId, ts);
  return checkFired.Check(item) ? { ...entry, direction: 'outbound' } : entry;
}

/** How a trigger stands in a session's history. */
export function entryOf(trigger: Trigger, deliveryId: string, ts: string): TriggerHistoryEntry {
  const { triggerId, type, source, summary, payload, deliverAs, childSessionId } = trigger;
  return {
    triggerId,
    deliveryId,
    type,
    source,
    ...(summary === undefined ? {} : { summary }),
    payload,
    deliverAs,
    ts,
    direction: 'inbound',
    ...(childSessionId === undefined ? {} : { childSessionId }),
  };
}
