import { Injectable } from '@nestjs/common';
import { type DeliveryView, DeliveryState } from '@pizzapi/protocol';
import { notFound } from '../../../platform/http/problem.error.js';
import type { Caller } from '../../auth/index.js';
import {
  deliveryIdOf,
  DirectDeliveries,
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

/** What became of a trigger: its record says how deliveries ended, the inboxes what is still on its way. */
@Injectable()
export class TriggerState {
  constructor(
    private readonly records: TriggerRecords,
    private readonly inbox: SessionInbox,
    private readonly direct: DirectDeliveries,
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
    const found = await this.inbox.find(open);
    const waiting = new Map(open.map(({ deliveryId }, at) => [deliveryId, found[at] ?? null]));
    const deliveries = targets.map((target) => {
      const settled = record.settled.get(target.deliveryId);
      if (settled) return settledView(target, settled);
      // Of a worker at another replica it says "waiting" for the two seconds until that has a place.
      const isOut = this.direct.has(target.sessionId, target.deliveryId);
      const attempts = isOut ? 1 : (waiting.get(target.deliveryId)?.timesSent ?? 0);
      return openView(target, attempts, record);
    });
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

function settledView(target: Target, { state, ts, attempts = 1, reason }: Settled): DeliveryView {
  // What a listener skipped has no session.
  const isSkipped = state === 'discarded' && target.listenerId !== null;
  return { ...target, sessionId: isSkipped ? null : target.sessionId, state, attempts, ts, reason: reason ?? null };
}

function openView(target: Target, attempts: number, { trigger }: TriggerRecord): DeliveryView {
  const state = attempts > 0 ? DeliveryState.sent : DeliveryState.waiting;
  return { ...target, state, attempts, ts: trigger.ts, reason: null };
}
