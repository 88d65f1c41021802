import { Injectable } from '@nestjs/common';
import { IsoTime, type TriggerHistoryEntry } from '@pizzapi/protocol';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { parseJson } from '../../../platform/redis/parse-json.js';
import { sessionKeys } from '../../../platform/redis/keys.js';
import { Redis } from '../../../platform/redis/redis.js';
import { HISTORY_KEEP_MS, MAX_HISTORY_ENTRIES } from './history-limits.js';

const Response = Type.Object({
  action: Type.Optional(Type.String()),
  text: Type.Optional(Type.String()),
  ts: IsoTime,
});
export type TriggerResponse = Static<typeof Response>;
const check = Compile(Response);

/** How far the responses may outnumber the entries of a history before the oldest are removed. */
const EXCESS = 50;

/** How sessions responded to the triggers in their histories. */
@Injectable()
export class TriggerResponses {
  constructor(private readonly redis: Redis) {}

  /** Replaces an earlier response to the same trigger. */
  async put(sessionId: string, triggerId: string, response: TriggerResponse): Promise<void> {
    const key = sessionKeys.responses(sessionId);
    await this.redis.commands
      .multi()
      .hset(key, triggerId, JSON.stringify(response))
      // Extended together with the history, by its scripts.
      .pexpire(key, HISTORY_KEEP_MS)
      .spublish(sessionKeys.deliveries(sessionId), '')
      .exec();
    if ((await this.redis.commands.hlen(key)) > MAX_HISTORY_ENTRIES + EXCESS) await this.forgetOldest(key);
  }

  private async forgetOldest(key: string): Promise<void> {
    const all = Object.entries(await this.redis.commands.hgetall(key)).map(([triggerId, json]) => {
      const response = parseJson(json);
      return { triggerId, ts: check.Check(response) ? response.ts : '' };
    });
    const oldest = all.sort((a, b) => b.ts.localeCompare(a.ts)).slice(MAX_HISTORY_ENTRIES);
    if (oldest.length > 0) await this.redis.commands.hdel(key, ...oldest.map(({ triggerId }) => triggerId));
  }

  /** The entries, each with its response if there is one. */
  async with(sessionId: string, entries: readonly TriggerHistoryEntry[]): Promise<TriggerHistoryEntry[]> {
    if (entries.length === 0) return [];
    const triggerIds = entries.map(({ triggerId }) => triggerId);
    const found = await this.redis.commands.hmget(sessionKeys.responses(sessionId), ...triggerIds);
    return entries.map((entry, at) => {
      const response = parseJson(found[at] ?? 'null');
      return check.Check(response) ? { ...entry, response } : entry;
    });
  }
}
