import { Injectable } from '@nestjs/common';
import { IsoTime, type TriggerHistoryEntry } from '@pizzapi/protocol';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { parseJson } from '../../../platform/redis/parse-json.js';
import { sessionKeys } from '../../../platform/redis/keys.js';
import { Redis } from '../../../platform/redis/redis.js';

const Response = Type.Object({
  action: Type.Optional(Type.String()),
  text: Type.Optional(Type.String()),
  ts: IsoTime,
});
export type TriggerResponse = Static<typeof Response>;
const check = Compile(Response);

/** As long as the history itself, which takes them along when it begins its time anew. */
const KEEP_MS = 24 * 3_600_000;
/** As many as the history has entries; more are let go of a few at a time. */
const KEEP = 200;
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
      .pexpire(key, KEEP_MS)
      .spublish(sessionKeys.deliveries(sessionId), '')
      .exec();
    if ((await this.redis.commands.hlen(key)) > KEEP + EXCESS) await this.forgetOldest(key);
  }

  private async forgetOldest(key: string): Promise<void> {
    const all = Object.entries(await this.redis.commands.hgetall(key)).map(([triggerId, json]) => {
      const response = parseJson(json);
      return { triggerId, ts: check.Check(response) ? response.ts : '' };
    });
    const oldest = all.sort((a, b) => b.ts.localeCompare(a.ts)).slice(KEEP);
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
