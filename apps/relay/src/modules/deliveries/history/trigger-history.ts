import { Injectable } from '@nestjs/common';
import { DeliveredTrigger, InboxItem, type Trigger, type TriggerHistoryEntry } from '@pizzapi/protocol';
import { PinoLogger } from 'nestjs-pino';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { sessionKeys } from '../../../platform/redis/keys.js';
import { parseJson } from '../../../platform/redis/parse-json.js';
import { Redis } from '../../../platform/redis/redis.js';
import type { ScriptCall } from '../../../platform/redis/redis-script.js';
import type { NewDelivery } from '../inbox/session-inbox.js';
import { MAX_HISTORY_ENTRIES } from './history-limits.js';
import { HistoryTimes } from './history-times.js';
import { TriggerResponses } from './trigger-responses.js';
import { enterHistory } from './trigger-history.scripts.js';

const checkItem = Compile(InboxItem);
const checkTrigger = Compile(DeliveredTrigger);
const checkFired = Compile(Type.Object({ direction: Type.Literal('outbound') }));

/** The triggers that a session has received, and those that it fired itself, newest first. */
@Injectable()
export class TriggerHistory {
  private readonly times = new HistoryTimes();

  constructor(
    private readonly redis: Redis,
    private readonly responses: TriggerResponses,
    private readonly logger: PinoLogger,
  ) {}

  async list(sessionId: string, limit: number): Promise<TriggerHistoryEntry[]> {
    const count = Math.min(limit, MAX_HISTORY_ENTRIES);
    const lines = await this.redis.commands.lrange(sessionKeys.history(sessionId), 0, count - 1);
    const entries = lines.flatMap((line) => {
      // "<time of receipt> … <item as JSON>". In between is what the inbox kept with the item, if it came from there.
      const entry = historyEntry(line.slice(line.indexOf('{')), line.slice(0, line.indexOf(' ')));
      if (!entry) this.logger.error({ sessionId }, 'An entry of a trigger history cannot be read');
      return entry ?? [];
    });
    // After a crash between this and the trigger's record, the worker acknowledges again, and there are two entries; the earlier one counts.
    const last = new Map(entries.map(({ deliveryId }, at) => [deliveryId, at]));
    const received = entries.filter(({ deliveryId }, at) => last.get(deliveryId) === at);
    return this.responses.with(sessionId, received);
  }

  /** Adds triggers that were sent to workers directly. @returns for each session what went wrong, or null */
  async enter(received: readonly { sessionId: string; items: readonly NewDelivery[] }[]): Promise<(Error | null)[]> {
    const now = new Date().toISOString();
    const starts = new Map<string, string>();
    const startOf = (item: NewDelivery): string => {
      const { triggerId = item.deliveryId } = item;
      const start = starts.get(triggerId) ?? startOfLine(item, now);
      starts.set(triggerId, start);
      return start;
    };
    const calls = received.map(({ sessionId, items }) => this.entering(sessionId, items, startOf));
    const replies = await enterHistory.runAll(this.redis.commands, calls);
    return replies.map((reply) => (reply instanceof Error ? reply : null));
  }

  /** Adds what a session fired itself. May be repeated. @throws Error when Redis refuses it */
  async enterFired(sessionId: string, deliveryId: string, trigger: DeliveredTrigger): Promise<void> {
    const { deliverAs, ts } = trigger;
    const item = { deliveryId, kind: 'trigger', deliverAs, ts, text: JSON.stringify(trigger) } as const;
    const start = startOfLine({ ...item, direction: 'outbound' }, new Date().toISOString());
    const [reply] = await enterHistory.runAll(this.redis.commands, [this.entering(sessionId, [item], () => start)]);
    if (reply instanceof Error) throw reply;
  }

  private entering(
    sessionId: string,
    items: readonly NewDelivery[],
    startOf: (item: NewDelivery) => string,
  ): ScriptCall {
    return {
      keys: [sessionKeys.history(sessionId), sessionKeys.deliveries(sessionId), sessionKeys.responses(sessionId)],
      args: [this.times.isDue(sessionId) ? '1' : '0', ...items.map(({ deliveryId }) => deliveryId)],
      shared: items.map(startOf),
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

/**
 * A line of the history up to the id of the delivery, with which it ends. This part is the same for all sessions that a trigger reached, so it leaves
 * out which of their subscriptions matched; the trigger's record has those.
 */
function startOfLine(item: NewDelivery & { direction?: 'outbound' }, ts: string): string {
  const { deliveryId, text, ...shared } = item;
  const trigger = triggerOf(item);
  const whole = trigger ? JSON.stringify({ ...trigger, subscriptionIds: [] }) : text;
  return `${ts} ${JSON.stringify({ ...shared, text: whole }).slice(0, -1)},"deliveryId":"`;
}

/** The trigger in an inbox item; null for an input, or where the text is damaged. */
export function triggerOf({ kind, text }: Pick<NewDelivery, 'kind' | 'text'>): DeliveredTrigger | null {
  if (kind !== 'trigger') return null;
  const value = parseJson(text);
  return checkTrigger.Check(value) ? value : null;
}

function historyEntry(json: string, ts: string): TriggerHistoryEntry | null {
  const value = parseJson(json);
  const item: unknown = typeof value === 'object' && value !== null ? { cursor: '', ...value } : null;
  const trigger = checkItem.Check(item) ? triggerOf(item) : null;
  if (!trigger || !checkItem.Check(item)) return null;
  const entry = entryOf(trigger, item.deliveryId, ts);
  return checkFired.Check(item) ? { ...entry, direction: 'outbound' } : entry;
}

/** A received trigger as an entry of a session's history. */
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
