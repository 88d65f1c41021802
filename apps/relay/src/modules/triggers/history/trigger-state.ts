import { Injectable } from '@nestjs/common';
import { type DeliveryView, DeliveryState, ProblemCode } from '@pizzapi/protocol';
import { notFound } from '../../../platform/http/problem.error.js';
import type { Caller } from '../../auth/index.js';
import {
  deliveryIdOf,
  DirectlySent,
  SessionInbox,
  sessionIdOf,
  type Settled,
  type TriggerRecord,
  TriggerRecords,
} from '../../deliveries/index.js';
import { RunnerAccess } from '../../runners/index.js';

interface Target extends Pick<DeliveryView, 'deliveryId' | 'subscriptionIds' | 'listenerId'> {
  sessionId: string;
}

/** What became of a trigger: its record says how deliveries ended, the inboxes and the reader of the bus what is still on its way. */
@Injectable()
export class TriggerState {
  constructor(
    private readonly records: TriggerRecords,
    private readonly inbox: SessionInbox,
    private readonly direct: DirectlySent,
    private readonly runners: RunnerAccess,
  ) {}

  /** @throws ProblemError `not_found`: unknown, forgotten, or of somebody else's runner */
  async of(
    triggerId: string,
    caller: Caller,
  ): Promise<{ trigger: TriggerRecord['trigger']; deliveries: DeliveryView[] }> {
    const runnerId = await this.records.runnerOf(triggerId, await this.runners.idsOf(caller));
    if (runnerId === null) throw notFound('trigger');
    const record = await this.records.read(runnerId, triggerId);
    if (!record) throw notFound('trigger');
    const targets = targetsOf(record);
    const open = targets.filter(({ deliveryId }) => !record.settled.has(deliveryId));
    if (open.length === 0) return { trigger: record.trigger, deliveries: targets.map((each) => viewOf(each, record)) };
    // In the order of a delivery's way, so that none that moves on meanwhile is found nowhere and looks as if it had gone back.
    const out = await this.direct.among(runnerId, open);
    const found = await this.inbox.find(open);
    const now = (await this.records.read(runnerId, triggerId)) ?? record;
    const timesSent = new Map(open.map(({ deliveryId }, at) => [deliveryId, found[at]?.timesSent ?? 0]));
    const deliveries = targets.map((target) =>
      viewOf(target, now, Math.max(out.has(target.deliveryId) ? 1 : 0, timesSent.get(target.deliveryId) ?? 0)),
    );
    return { trigger: record.trigger, deliveries };
  }
}

function targetsOf({ trigger: { triggerId }, matches }: TriggerRecord): Target[] {
  return [
    ...matches.sessions.map(({ sessionId, subscriptionIds }) => ({
      deliveryId: deliveryIdOf(triggerId, sessionId),
      sessionId,
      subscriptionIds,
      listenerId: null,
    })),
    ...matches.listeners.map(({ listenerId }) => ({
      deliveryId: deliveryIdOf(triggerId, listenerId),
      sessionId: sessionIdOf(listenerId, triggerId),
      subscriptionIds: [],
      listenerId,
    })),
  ];
}

/** @param attempts how often its worker was sent it, as far as it is not settled */
function viewOf(target: Target, record: TriggerRecord, attempts = 0): DeliveryView {
  const settled = record.settled.get(target.deliveryId);
  return settled ? settledView(target, settled) : openView(target, attempts, record);
}

function settledView(target: Target, { state, ts, attempts = 1, reason }: Settled): DeliveryView {
  // What a listener skipped has no session; one that was cancelled, or given up as a dead letter, is still there.
  const isSkipped = state === 'discarded' && reason === ProblemCode.missedWhileAway;
  return { ...target, sessionId: isSkipped ? null : target.sessionId, state, attempts, ts, reason: reason ?? null };
}

function openView(target: Target, attempts: number, { trigger }: TriggerRecord): DeliveryView {
  const state = attempts > 0 ? DeliveryState.sent : DeliveryState.waiting;
  return { ...target, state, attempts, ts: trigger.ts, reason: null };
}
