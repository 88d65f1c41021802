import { Injectable } from '@nestjs/common';
import { type JobData, MissedRuns, ProblemCode, type Trigger, withDirectionsShown } from '@pizzapi/protocol';
import { v7 } from 'uuid';
import { Queues } from '../../../platform/queues/queues.js';
import {
  DeadLetterSink,
  deliveryIdOf,
  type NewDelivery,
  SessionInbox,
  sessionIdOf,
  type Settled,
  triggerItem,
  triggerOrder,
  TriggerRecords,
} from '../../deliveries/index.js';
import { RunnerAbsence } from '../../runners/index.js';
import {
  HeldSessions,
  MissedSessions,
  modelOf,
  nameFrom,
  type SessionToStart,
  StartSession,
} from '../../sessions/index.js';
import type { ListenerEntity } from '../listener.entity.js';
import { ListenerRepository } from '../listener.repository.js';

/**
 * A runner that is back by then was not really away: its connection broke, or the relay that held it was restarted. This is twice the
 * longest time that a runner waits before it connects again.
 */
const LOOK_AGAIN_MS = 10_000;

const LISTENER_GONE = {
  code: ProblemCode.listenerGone,
  detail:
    'Its listener was removed, with its runner or long ago, before a session was started for it. Fire it again where it is wanted, or discard it.',
};

/** One trigger that one listener matched when it was accepted. */
interface Run {
  runnerId: string;
  trigger: Trigger;
  /** When the trigger was accepted, for comparison with others of the runner; see `triggerOrder`. */
  order: string;
  listener: ListenerEntity;
  deliveryId: string;
  sessionId: string;
}

/**
 * Starts a listener's session for a trigger: exactly one, however often and wherever this is repeated. The session's id is derived from
 * both, its row is unique, and the trigger is in its inbox before the row exists.
 */
@Injectable()
export class RunListener {
  constructor(
    private readonly records: TriggerRecords,
    private readonly listeners: ListenerRepository,
    private readonly runners: RunnerAbsence,
    private readonly startSession: StartSession,
    private readonly held: HeldSessions,
    private readonly missed: MissedSessions,
    private readonly inbox: SessionInbox,
    private readonly queues: Queues,
    private readonly deadLetters: DeadLetterSink,
  ) {}

  async run(data: JobData<'run-listener'>): Promise<void> {
    const run = await this.find(data);
    if (!run) return;
    const { listener, sessionId } = run;
    if (listener.missedRuns === MissedRuns.all || (await this.startSession.isMade(sessionId)))
      return this.start(run, false);
    if (!(await this.runners.isAway(run.runnerId))) return this.start(run, false);
    if (data.isSecondLook !== true) return this.lookAgain(data);
    if (listener.missedRuns === MissedRuns.latest) return this.start(run, true);
    await this.settle(run, { state: 'discarded', reason: ProblemCode.missedWhileAway });
  }

  /** To be called after the last attempt: makes a dead letter of the trigger, unless its session was created after all. */
  async giveUp(data: JobData<'run-listener'>, error: unknown, attempts: number): Promise<void> {
    const run = await this.find(data);
    if (!run || (await this.startSession.isMade(run.sessionId))) return;
    await this.inbox.delete(run.sessionId);
    const detail = `Its listener could not start a session: ${error instanceof Error ? error.message : String(error)}`;
    const dead = { sessionId: run.sessionId, item: itemOf(run) };
    await this.deadLetters.port.bury([dead], { code: ProblemCode.fanOutFailed, detail }, attempts);
  }

  /** What there is to do, or null when it is done. */
  private async find({ runnerId, triggerId, listenerId }: JobData<'run-listener'>): Promise<Run | null> {
    const [record, listener] = await Promise.all([
      this.records.read(runnerId, triggerId),
      this.listeners.findEvenDeleted(listenerId),
    ]);
    // An earlier try may have crashed right after it had created its session.
    if (listener?.missedRuns === MissedRuns.latest) await this.missed.clear(listenerId);
    const deliveryId = deliveryIdOf(triggerId, listenerId);
    if (!record || record.settled.has(deliveryId)) return null;
    if (listener)
      return {
        runnerId,
        trigger: record.trigger,
        order: triggerOrder(record.place, record.trigger.ts),
        listener,
        deliveryId,
        sessionId: sessionIdOf(listenerId, triggerId),
      };
    const item = triggerItem(deliveryId, { ...record.trigger, runnerId, subscriptionIds: [], listenerId });
    const dead = { sessionId: sessionIdOf(listenerId, triggerId), item };
    await this.deadLetters.port.bury([dead], LISTENER_GONE, 0);
    return null;
  }

  private async start(run: Run, isMissedRun: boolean): Promise<void> {
    const { listener, order, sessionId } = run;
    const { listenerId, maxConcurrent } = listener;
    const isMade = await this.startSession.run(
      sessionOf(run, isMissedRun),
      isMissedRun ? (transaction) => this.missed.supersede(transaction, listenerId, order) : undefined,
    );
    if (!isMade) {
      await this.inbox.delete(sessionId);
      return this.settle(run, { state: 'discarded', reason: ProblemCode.missedWhileAway });
    }
    if (isMissedRun) await this.missed.clear(listenerId);
    if (maxConcurrent !== null) await this.held.admit(listenerId, maxConcurrent);
  }

  private async lookAgain(data: JobData<'run-listener'>): Promise<void> {
    // A new job id each time: a queue ignores an id that it has seen, and a replayed trigger may need a second look as well.
    const jobId = `${data.listenerId}.${data.triggerId}.${v7()}`;
    await this.queues.add('run-listener', jobId, { ...data, isSecondLook: true }, LOOK_AGAIN_MS);
  }

  private async settle({ runnerId, trigger, deliveryId }: Run, settled: Omit<Settled, 'ts'>): Promise<void> {
    await this.records.settle(runnerId, trigger.triggerId, [{ deliveryId, ...settled }]);
  }
}

function sessionOf(run: Run, isMissedRun: boolean): SessionToStart {
  const { runnerId, trigger, order, listener, sessionId } = run;
  return {
    sessionId,
    runnerId,
    ownerId: listener.createdBy,
    organisationId: listener.organisationId,
    name: nameFrom(withDirectionsShown(trigger.summary?.trim() || trigger.type)),
    cwd: listener.cwd,
    model: modelOf(listener),
    firstItem: itemOf(run),
    startedBy: {
      listenerId: listener.listenerId,
      triggerId: trigger.triggerId,
      triggerOrder: order,
      maxWaitMs: listener.maxWaitMs,
      isHeld: listener.maxConcurrent !== null,
      isMissedRun,
    },
  };
}

function itemOf({ runnerId, trigger, listener: { listenerId, prompt }, deliveryId }: Run): NewDelivery {
  const asked = prompt === null || prompt.trim() === '' ? {} : { prompt };
  return triggerItem(deliveryId, { ...trigger, runnerId, subscriptionIds: [], listenerId, ...asked });
}
