import { Injectable } from '@nestjs/common';
import { IdPrefix, ProblemCode, type Trigger, type TriggerDelivery, type TriggerPayload } from '@pizzapi/protocol';
import { RelayConfig } from '../../../config/config.js';
import { conflict, ProblemError } from '../../../platform/http/problem.error.js';
import { Replicas } from '../../../platform/redis/replicas.js';
import { type Matches, RunnerBus, TriggerRecords } from '../../deliveries/index.js';
import type { RunnerEntity } from '../../runners/index.js';
import { isOpen, type SessionEntity } from '../../sessions/index.js';
import { Subscriptions } from '../subscriptions/subscriptions.js';
import { TriggerTypes } from '../types/trigger-types.js';
import { TriggerListeners } from './trigger-listeners.js';
import { triggersFired } from './firing.metrics.js';

export interface TriggerRequest {
  type: string;
  payload: TriggerPayload;
  source?: string | undefined;
  deliverAs: TriggerDelivery;
  summary?: string | undefined;
}

/** What became of the call: whom the trigger reaches is decided here, once. */
export interface FiredTrigger {
  triggerId: string;
  matches: Matches;
}

const DEFAULT_SOURCE = 'external:api';

/** Accepts triggers: when it resolves, the trigger and its matches are on the runner's bus, and will arrive. */
@Injectable()
export class FireTrigger {
  constructor(
    private readonly types: TriggerTypes,
    private readonly subscriptions: Subscriptions,
    private readonly listeners: TriggerListeners,
    private readonly records: TriggerRecords,
    private readonly bus: RunnerBus,
    private readonly replicas: Replicas,
    private readonly config: RelayConfig,
  ) {}

  /**
   * To every session that subscribed to it and every listener that waits for it on this runner.
   * @param operationId With the same one again, the same trigger with the same matches.
   */
  async broadcast(runner: RunnerEntity, operationId: string, request: TriggerRequest): Promise<FiredTrigger> {
    const { runnerId } = runner;
    const { type, payload } = request;
    this.checkSize(payload);
    this.types.require(runner, type, payload);
    const [sessions, listeners] = await Promise.all([
      this.subscriptions.matching(runnerId, type, payload),
      this.listeners.port.matching(runnerId, type, payload),
    ]);
    triggersFired.inc({ target: 'runner' });
    return this.accept(runnerId, operationId, request, { sessions, listeners });
  }

  /** To one session, whatever it subscribed to. @throws ProblemError `session_ended` */
  async atSession(session: SessionEntity, operationId: string, request: TriggerRequest): Promise<FiredTrigger> {
    const { sessionId, runnerId, status } = session;
    this.checkSize(request.payload);
    if (!isOpen(status))
      throw conflict(ProblemCode.sessionEnded, `The session is ${status}; resume it, then fire again.`);
    triggersFired.inc({ target: 'session' });
    const sessions = [{ sessionId, subscriptionIds: [] }];
    return this.accept(runnerId, operationId, request, { sessions, listeners: [] });
  }

  private async accept(
    runnerId: string,
    operationId: string,
    { type, payload, source = DEFAULT_SOURCE, deliverAs, summary }: TriggerRequest,
    matches: Matches,
  ): Promise<FiredTrigger> {
    const triggerId = IdPrefix.trigger + operationId;
    const trigger: Trigger = {
      triggerId,
      type,
      payload,
      source,
      deliverAs,
      ...(summary === undefined ? {} : { summary }),
      ts: new Date().toISOString(),
    };
    const accepted = await this.records.accept(runnerId, trigger, matches);
    await this.replicas.confirm();
    this.bus.wake(runnerId);
    return { triggerId, matches: accepted };
  }

  private checkSize(payload: TriggerPayload): void {
    const bytes = Buffer.byteLength(JSON.stringify(payload));
    const limit = this.config.triggerPayloadBytes;
    if (bytes <= limit) return;
    throw new ProblemError(
      413,
      ProblemCode.payloadTooLarge,
      `The payload has ${bytes} bytes as JSON; at most ${limit} are taken. Send a reference to the data instead.`,
    );
  }
}
