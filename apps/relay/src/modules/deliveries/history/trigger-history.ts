import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DeliveredTrigger, InboxItem, type Trigger, type TriggerHistoryEntry } from '@pizzapi/protocol';
import { PinoLogger } from 'nestjs-pino';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { decodeListCursor, encodeListCursor } from '../../../platform/http/list-cursor.js';
import { pageOf } from '../../../platform/http/page-query.dto.js';
import { sessionKeys } from '../../../platform/redis/keys.js';
import { parseJson } from '../../../platform/redis/parse-json.js';
import { Redis } from '../../../platform/redis/redis.js';
import type { ScriptCall } from '../../../platform/redis/redis-script.js';
import type { NewDelivery } from '../inbox/new-delivery.js';
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

  /** All of them. */
  async list(sessionId: string): Promise<TriggerHistoryEntry[]> {
    return (await this.page(sessionId, MAX_HISTORY_ENTRIES)).page;
  }

  /**
   * A page after a cursor. Of one whose place has been trimmed there is nothing left.
   * @throws ProblemError `invalid_request` on a cursor that this list did not give
   */
  async page(
    sessionId: string,
    limit: number,
    cursor?: string,
  ): Promise<{ page: TriggerHistoryEntry[]; nextCursor?: string }> {
    const list = `triggers ${sessionId}`;
    const mark = cursor === undefined ? undefined : decodeListCursor(list, cursor);
    // New ones come before a cursor, so its place is looked for from the beginning.
    const until = Math.min(mark === undefined ? limit + 1 : Infinity, MAX_HISTORY_ENTRIES) - 1;
    const lines = await this.redis.commands.lrange(sessionKeys.history(sessionId), 0, until);
    const from = mark === undefined ? 0 : placeAfter(lines, mark);
    const { page, ...next } = pageOf(lines.slice(from), limit, (line) => encodeListCursor(list, markOf(line)));
    const before = new Set(this.read(sessionId, lines.slice(0, from)).map(({ deliveryId }) => deliveryId));
    // After a crash between this and the trigger's record, the worker acknowledges again, and there are two entries. The earlier one counts, unless
    // the later one is on a page before.
    const entries = this.read(sessionId, page).filter(({ deliveryId }) => !before.has(deliveryId));
    const last = new Map(entries.map(({ deliveryId }, at) => [deliveryId, at]));
    const received = entries.filter(({ deliveryId }, at) => last.get(deliveryId) === at);
    return { page: await this.responses.with(sessionId, received), ...next };
  }

  private read(sessionId: string, lines: readonly string[]): TriggerHistoryEntry[] {
    return lines.flatMap((line) => {
      // "<time of receipt> … <item as JSON>". In between is what the inbox kept with the item, if it came from there.
      const entry = historyEntry(line.slice(line.indexOf('{')), line.slice(0, line.indexOf(' ')));
      if (!entry) this.logger.error({ sessionId }, 'An entry of a trigger history cannot be read');
      return entry ?? [];
    });
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

/** Stands for a line in a cursor. */
function markOf(line: string): string {
  return createHash('sha256').update(line).digest('base64url').slice(0, 16);
}

/** After the end where the line has been trimmed, and so all after it. */
function placeAfter(lines: readonly string[], mark: string): number {
  const at = lines.findIndex((line) => markOf(line) === mark);
  return at < 0 ? lines.length : at + 1;
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
