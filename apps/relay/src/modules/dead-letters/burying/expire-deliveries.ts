import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ProblemCode, SessionStatus } from '@pizzapi/protocol';
import { PinoLogger } from 'nestjs-pino';
import { RelayConfig } from '../../../config/config.js';
import { Sweep } from '../../../platform/queues/sweep.js';
import { indexKeys } from '../../../platform/redis/keys.js';
import { Redis } from '../../../platform/redis/redis.js';
import { SharedClock } from '../../../platform/redis/shared-clock.js';
import { BuryInbox } from './bury-inbox.js';
import { moveIndexed, removeIndexed } from './inbox-index.scripts.js';
import { type SessionFate, SessionFatesRepository } from './session-fates.repository.js';

const SESSIONS_AT_A_TIME = 500;
const MAX_EVERY_MS = 60_000;
const MIN_EVERY_MS = 250;
/** An inbox whose replica died while looking at it is looked at again after this. */
const CLAIM_MS = 60_000;
/** By then, what was on its way when its session was deleted has arrived. */
const LATE_MS = 30_000;
/**
 * How long a delivery may wait for its session to be created: the first one is put into the inbox before that, and creating may have to be
 * repeated.
 */
const MAKING_MS = 3_600_000;

/**
 * Looks through the inboxes in which something may wait, and buries what has waited for too long. It also buries what waits for a session
 * that has failed or is gone, where no event did: a crash prevented the event, or the delivery came after it.
 */
@Injectable()
export class ExpireDeliveries implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly sweep: Sweep;

  constructor(
    private readonly redis: Redis,
    private readonly clock: SharedClock,
    private readonly config: RelayConfig,
    private readonly sessions: SessionFatesRepository,
    private readonly buryInbox: BuryInbox,
    logger: PinoLogger,
  ) {
    const everyMs = Math.max(MIN_EVERY_MS, Math.min(config.inboxKeepMs / 4, MAX_EVERY_MS));
    const options = { description: 'Looking for deliveries that waited too long', everyMs, firstAfterMs: everyMs };
    this.sweep = new Sweep(() => this.lookThroughAll(), options, logger);
  }

  onApplicationBootstrap(): void {
    this.sweep.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.sweep.stop();
  }

  /** Looks once more, and soon, after a session was deleted: a broadcast that was accepted for it may still be on its way. */
  async lookAgain(sessionId: string): Promise<void> {
    const since = this.clock.now().getTime() - this.patienceWithout() + LATE_MS;
    await this.redis.commands.zadd(indexKeys.inboxes, since, sessionId);
  }

  private async lookThroughAll(): Promise<void> {
    // Entries that move while the index is walked may be skipped; the next sweep finds them.
    for (let at = 0; ; at += SESSIONS_AT_A_TIME) {
      const { commands } = this.redis;
      const page = await commands.zrange(indexKeys.inboxes, at, at + SESSIONS_AT_A_TIME - 1, 'WITHSCORES');
      const indexed: { sessionId: string; since: string }[] = [];
      for (let of = 0; of + 1 < page.length; of += 2)
        indexed.push({ sessionId: page[of] ?? '', since: page[of + 1] ?? '' });
      if (indexed.length === 0) return;
      const fates = await this.sessions.of(indexed.map(({ sessionId }) => sessionId));
      for (const { sessionId, since } of indexed) {
        const fate = fates.get(sessionId);
        if (this.isDue(this.clock.now().getTime() - Number(since), fate)) await this.look(sessionId, since, fate);
      }
    }
  }

  private isDue(waitsMs: number, fate: SessionFate | undefined): boolean {
    if (fate?.status === SessionStatus.failed) return true;
    return waitsMs >= (fate ? this.config.inboxKeepMs : this.patienceWithout());
  }

  /** How long a delivery may wait for a session that does not exist. */
  private patienceWithout(): number {
    return Math.min(MAKING_MS, this.config.inboxKeepMs);
  }

  /**
   * While its inbox is looked at, the session stays in the index with a later time: other replicas leave it alone, and after a crash
   * somebody looks again. It leaves the index once its inbox is empty; something that is appended at that very moment brings it back.
   */
  private async look(sessionId: string, since: string, fate: SessionFate | undefined): Promise<void> {
    const { commands } = this.redis;
    const claim = String(this.clock.now().getTime() - this.config.inboxKeepMs + CLAIM_MS);
    if ((await moveIndexed.run(commands, [indexKeys.inboxes], [sessionId, since, claim])) !== 1) return;
    const rest = await this.bury(sessionId, fate);
    if (rest !== null) {
      await moveIndexed.run(commands, [indexKeys.inboxes], [sessionId, claim, rest]);
      return;
    }
    await removeIndexed.run(commands, [indexKeys.inboxes], [sessionId, claim]);
    const late = await this.buryInbox.waitsSince(sessionId);
    if (late !== null) await commands.zadd(indexKeys.inboxes, 'NX', late, sessionId);
  }

  /** @returns since when the first remaining delivery has waited, or null if there is none */
  private async bury(sessionId: string, fate: SessionFate | undefined): Promise<number | null> {
    if (!fate) await this.buryInbox.ofDeleted(sessionId);
    else if (fate.status === SessionStatus.failed) await this.buryInbox.ofFailed(sessionId);
    // `ExpirePending` limits how long a session waits for its runner. Until then it must keep what it is to start with.
    else if (fate.status !== SessionStatus.pending) return this.expire(sessionId);
    const since = await this.buryInbox.waitsSince(sessionId);
    // One that is pending is looked at again after a while, not at every sweep.
    return since !== null && fate?.status === SessionStatus.pending ? this.clock.now().getTime() : since;
  }

  private expire(sessionId: string): Promise<number | null> {
    const { inboxKeepMs } = this.config;
    const detail = `It waited for longer than ${inHours(inboxKeepMs)} for its session, which was not there to receive it.`;
    return this.buryInbox.putBefore(sessionId, this.clock.now().getTime() - inboxKeepMs, {
      code: ProblemCode.deliveryExpired,
      detail,
    });
  }
}

function inHours(ms: number): string {
  return ms >= 3_600_000 ? `${Math.round(ms / 360_000) / 10} h` : `${ms / 1_000} s`;
}
