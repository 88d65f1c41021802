import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ProblemCode, type SessionFailure, SessionStatus } from '@pizzapi/protocol';
import { PinoLogger } from 'nestjs-pino';
import { RelayConfig } from '../../../config/config.js';
import { Database } from '../../../platform/database/database.js';
import { Sweep } from '../../../platform/queues/sweep.js';
import { SharedClock } from '../../../platform/redis/shared-clock.js';
import { EventBus } from '../../../platform/streams/event-bus.js';
import { RunnerAbsence, RunnerInbox } from '../../runners/index.js';
import { changeSession } from '../change-session.js';
import { nextStatus } from '../session-status.js';
import { type RunnerWait, SessionRepository, type WaitingSession } from '../session.repository.js';
import { spawnOrderId } from './order-spawn.js';

const EVERY_MS = 2_000;
/** By then, runners that a restart of the relay has cut off are connected again. */
const FIRST_AFTER_MS = 6_000;
/** How many sessions of a group are given up in one round. */
const AT_A_TIME = 200;

/** Fails sessions whose runner was removed, or has been away for longer than they may wait for it. They can be resumed. */
@Injectable()
export class ExpirePending implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly sweep: Sweep;

  constructor(
    private readonly database: Database,
    private readonly sessions: SessionRepository,
    private readonly runners: RunnerAbsence,
    private readonly orders: RunnerInbox,
    private readonly bus: EventBus,
    private readonly clock: SharedClock,
    private readonly config: RelayConfig,
    logger: PinoLogger,
  ) {
    const options = {
      description: 'Looking for sessions that waited too long',
      everyMs: EVERY_MS,
      firstAfterMs: FIRST_AFTER_MS,
    };
    this.sweep = new Sweep(() => this.expireAll(), options, logger);
  }

  onApplicationBootstrap(): void {
    this.sweep.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.sweep.stop();
  }

  /**
   * Only so many of each group per round, so that one person's many sessions do not hold up another's; the rest follows in the next rounds.
   */
  private async expireAll(): Promise<void> {
    const all = await this.sessions.waits();
    const removed = await this.runners.removedAmong([...new Set(all.map(({ runnerId }) => runnerId))]);
    for (const wait of all.filter(({ runnerId }) => removed.has(runnerId)))
      for (const session of await this.sessions.waitingSince(wait, null, AT_A_TIME)) await this.fail(session, REMOVED);
    const now = this.clock.now().getTime();
    const waits = all.filter((wait) => now - wait.since.getTime() > this.maxWaitOf(wait));
    const awaySince = await this.runners.awaySince([...new Set(waits.map(({ runnerId }) => runnerId))]);
    for (const wait of waits) {
      const maxWaitMs = this.maxWaitOf(wait);
      const since = awaySince.get(wait.runnerId);
      // The time counts from when the runner left: if it was there in between, it may have been about to start them.
      if (since === undefined || now - since.getTime() <= maxWaitMs) continue;
      const late = await this.sessions.waitingSince(wait, new Date(now - maxWaitMs), AT_A_TIME);
      for (const session of late) await this.fail(session, expired(maxWaitMs));
    }
  }

  private maxWaitOf({ maxWaitMs }: RunnerWait): number {
    return maxWaitMs ?? this.config.spawnMaxWaitMs;
  }

  private async fail(waiting: WaitingSession, failure: SessionFailure): Promise<void> {
    const { sessionId, runnerId } = waiting;
    const result = await this.database.write((manager) =>
      changeSession(manager, sessionId, (session) => {
        const isSameWait = session.waitsSince?.getTime() === waiting.waitsSince.getTime() && !session.isHeld;
        if (session.status !== SessionStatus.pending || !isSameWait) return null;
        const status = nextStatus(session.status, 'failed', session.startedAt !== null);
        return status && { status, activity: null, failure };
      }),
    );
    if (!result?.isChanged) return;
    await this.orders.withdraw(runnerId, spawnOrderId(sessionId));
    await this.bus.publish('session.changed', { sessionId });
    await this.bus.publish('runner.changed', { runnerId });
  }
}

/** For a session that was created or resumed at the very moment at which its runner was removed. */
const REMOVED: SessionFailure = {
  code: ProblemCode.runnerRemoved,
  detail:
    'Its runner was removed before it was started. Start the runner again on its machine, then replay the dead letter of what waited here; without one, resume the session.',
};

function expired(maxWaitMs: number): SessionFailure {
  return {
    code: ProblemCode.spawnExpired,
    detail: `The runner was away for longer than this session may wait (${durationOf(maxWaitMs)}). Start the runner, then replay the dead letter of what waited here; without one, resume the session.`,
  };
}

/** In the largest unit that divides it. */
function durationOf(ms: number): string {
  const units: [number, string][] = [
    [86_400_000, 'd'],
    [3_600_000, 'h'],
    [60_000, 'min'],
    [1_000, 's'],
  ];
  const [size, name] = units.find(([unit]) => ms % unit === 0) ?? [1, 'ms'];
  return `${ms / size} ${name}`;
}
