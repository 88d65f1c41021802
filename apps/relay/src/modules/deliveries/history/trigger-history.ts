import { Injectable } from '@nestjs/common';
import { DeliveredTrigger, InboxItem, type TriggerHistoryEntry } from '@pizzapi/protocol';
import { PinoLogger } from 'nestjs-pino';
import { Compile } from 'typebox/compile';
import { sessionKeys } from '../../../platform/redis/keys.js';
import { Redis } from '../../../platform/redis/redis.js';
import type { NewDelivery } from '../inbox/session-inbox.js';

const checkItem = Compile(InboxItem);
const checkTrigger = Compile(DeliveredTrigger);

/** The triggers that reached a session's file, newest first. */
@Injectable()
export class TriggerHistory {
  /** The specification's limits. */
  static readonly MAX_ENTRIES = 200;
  static readonly KEEP_MS = 24 * 3_600_000;

  constructor(
    private readonly redis: Redis,
    private readonly logger: PinoLogger,
  ) {}

  async list(sessionId: string, limit: number): Promise<TriggerHistoryEntry[]> {
    const count = Math.min(limit, TriggerHistory.MAX_ENTRIES);
    const lines = await this.redis.commands.lrange(sessionKeys.history(sessionId), 0, count - 1);
    return lines.flatMap((line) => {
      // "<when it was received> <what the inbox had of it, at its end the item>", as the inbox leaves it.
      const entry = historyEntry(line.slice(line.indexOf('{')), line.slice(0, line.indexOf(' ')));
      if (!entry) this.logger.error({ sessionId }, 'An entry of a trigger history cannot be read');
      return entry ?? [];
    });
  }

  async clear(sessionId: string): Promise<void> {
    await this.redis.commands.del(sessionKeys.history(sessionId));
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
  return trigger && checkItem.Check(item) ? entryOf(trigger, item.deliveryId, ts) : null;
}

/** How a trigger stands in a session's history. */
export function entryOf(trigger: DeliveredTrigger, deliveryId: string, ts: string): TriggerHistoryEntry {
  const { triggerId, type, source, summary, payload, deliverAs } = trigger;
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
  };
}
