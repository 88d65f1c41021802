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

/** What is more than the history has entries is let go of a few at a time. */
const EXCESS = 50;

/** What sessions answered to the triggers in their histories. */
@Injectable()
export class TriggerResponses {
  constructor(private readonly redis: Redis) {}

  /** The last response to a trigger counts. */
  async put(sessionId: string, triggerId: string, response: TriggerResponse): Promise<void> {
    const key = sessionKeys.responses(sessionId);
    await this.redis.commands
      .multi()
      .hset(key, triggerId, JSON.stringify(response))
      // The history takes them along when it begins its time anew.
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

  /** The entries with what was answered to them. */
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
