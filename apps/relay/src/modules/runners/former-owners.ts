import { Injectable } from '@nestjs/common';
import { MAX_SPAWN_WAIT_MS } from '@pizzapi/protocol';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { runnerKeys } from '../../platform/redis/keys.js';
import { parseJson } from '../../platform/redis/parse-json.js';
import { Redis } from '../../platform/redis/redis.js';

/** Longer than anything that was accepted for a runner can be on its way. */
const KEEP_MS = MAX_SPAWN_WAIT_MS + 24 * 3_600_000;

const FormerOwner = Type.Object({
  ownerId: Type.String(),
  organisationId: Type.String(),
  removedAt: Type.Integer(),
});
type FormerOwner = Static<typeof FormerOwner>;
const check = Compile(FormerOwner);

/**
 * Remembers the owners of removed runners. They get to see what was accepted for the runner and can never be delivered, even if the machine
 * belongs to somebody else by then.
 */
@Injectable()
export class FormerOwners {
  constructor(private readonly redis: Redis) {}

  async note(runnerId: string, owner: Omit<FormerOwner, 'removedAt'>): Promise<void> {
    const value = JSON.stringify({ ...owner, removedAt: Date.now() });
    await this.redis.commands.set(runnerKeys.formerOwner(runnerId), value, 'PX', KEEP_MS);
  }

  /** The former owner of a runner; null unless it was removed after this time. */
  async at(runnerId: string, time: Date): Promise<Pick<FormerOwner, 'ownerId' | 'organisationId'> | null> {
    const value = parseJson((await this.redis.commands.get(runnerKeys.formerOwner(runnerId))) ?? 'null');
    if (!check.Check(value) || value.removedAt < time.getTime()) return null;
    const { ownerId, organisationId } = value;
    return { ownerId, organisationId };
  }
}
