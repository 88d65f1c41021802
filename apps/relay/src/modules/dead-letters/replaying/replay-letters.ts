import { Injectable } from '@nestjs/common';
import { ProblemCode, SessionStatus } from '@pizzapi/protocol';
import { ProblemError } from '../../../platform/http/problem.error.js';
import { Queues } from '../../../platform/queues/queues.js';
import { Replicas } from '../../../platform/redis/replicas.js';
import type { Caller } from '../../auth/index.js';
import { RunnerBus, SessionInbox, TriggerRecords } from '../../deliveries/index.js';
import { isOpen, ResumeSession, SessionAccess, StartSession } from '../../sessions/index.js';
import type { DeadLetterEntity } from '../dead-letter.entity.js';
import { type LetterChange } from './change-letters.js';
import { gone, isGone, isRun, over, sessionDeleted } from './replay-refusals.js';

/**
 * Sends dead letters on their way again. Any of these steps may be repeated, and after a crash between two of them there is still a dead
 * letter that can be replayed again:
 *
 * 1. A failed session is resumed. First, because what waits for a failed session is buried.
 * 2. The trigger's record says that the delivery is open again, unless it was received. If a burial has crashed or lost its claim, the
 *    delivery may still be in the inbox; it is removed, so that it gets a new place there, which that burial does not touch.
 * 3. It is appended to the runner's bus, under the same id: an inbox takes it once, and so does the session's file.
 * 4. The dead letter is removed (by {@link ChangeLetters}), unless the delivery has died anew meanwhile.
 *
 * Where a listener never got to start its session, its job is added again instead of steps 1 and 3.
 */
@Injectable()
export class ReplayLetters {
  constructor(
    private readonly access: SessionAccess,
    private readonly resumeSession: ResumeSession,
    private readonly startSession: StartSession,
    private readonly records: TriggerRecords,
    private readonly inbox: SessionInbox,
    private readonly bus: RunnerBus,
    private readonly queues: Queues,
    private readonly replicas: Replicas,
  ) {}

  /** @param operationId makes the ids of this replay's jobs and orders differ from those of earlier replays */
  as(caller: Caller, operationId: string): LetterChange {
    return async (letters) => {
      const refused = new Map<string, ProblemError>();
      for (const { deliveryId } of letters.filter(isGone)) refused.set(deliveryId, gone());
      const others = letters.filter((letter) => !isGone(letter));
      for (const [sessionId, own] of Map.groupBy(others, (letter) => letter.sessionId)) {
        if (own.every(isRun) && !(await this.startSession.isMade(sessionId))) {
          for (const letter of own) await this.startAnew(letter, operationId);
          continue;
        }
        const runnerId = await this.open(sessionId, caller, operationId).catch((error: unknown) => {
          if (!(error instanceof ProblemError)) throw error;
          for (const { deliveryId } of own) refused.set(deliveryId, error);
          return null;
        });
        if (runnerId !== null) await this.send(runnerId, sessionId, own);
      }
      if (letters.length > refused.size) await this.replicas.confirm();
      return refused;
    };
  }

  /** Makes sure that the session is open. @returns its runner */
  private async open(sessionId: string, caller: Caller, operationId: string): Promise<string> {
    const session = await this.access.require(sessionId, caller).catch(deleted);
    if (session.status === SessionStatus.failed) {
      try {
        await this.resumeSession.run(session, operationId);
      } catch (error) {
        // Somebody else may have resumed it just now, which is just as good.
        if (!isOpen((await this.access.require(sessionId, caller).catch(deleted)).status)) throw error;
      }
    } else if (!isOpen(session.status)) throw over(session.status);
    return session.runnerId;
  }

  private async startAnew(letter: DeadLetterEntity, operationId: string): Promise<void> {
    const { runnerId, triggerId, listenerId } = letter;
    if (triggerId === null || listenerId === null) throw new Error('A run without a listener or a trigger.');
    await this.reopen([letter]);
    const jobId = `${listenerId}.${triggerId}.${operationId}`;
    await this.queues.add('run-listener', jobId, { runnerId, triggerId, listenerId });
  }

  private async send(runnerId: string, sessionId: string, letters: readonly DeadLetterEntity[]): Promise<void> {
    await this.reopen(letters);
    const left = await this.inbox.find(letters);
    await this.inbox.forget(
      sessionId,
      left.flatMap((waiting) => (waiting ? [waiting.item] : [])),
    );
    // Issued in order on one connection, so they are on the bus in that order.
    await Promise.all(letters.map(({ item }) => this.bus.append(runnerId, sessionId, item)));
    this.bus.wake(runnerId);
  }

  private async reopen(letters: readonly DeadLetterEntity[]): Promise<void> {
    await Promise.all(
      letters.flatMap(({ deliveryId, item: { runnerId: firedOn, triggerId } }) =>
        firedOn === undefined || triggerId === undefined ? [] : [this.records.reopen(firedOn, triggerId, [deliveryId])],
      ),
    );
  }
}

function deleted(error: unknown): never {
  if (!(error instanceof ProblemError) || error.code !== ProblemCode.notFound) throw error;
  throw sessionDeleted();
}
