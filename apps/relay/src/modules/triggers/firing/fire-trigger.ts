import { Injectable } from '@nestjs/common';
import { IdPrefix, ProblemCode, type Trigger, type TriggerDelivery, type TriggerPayload } from '@pizzapi/protocol';
import { RelayConfig } from '../../../config/config.js';
import { ProblemError } from '../../../platform/http/problem.error.js';
import { Replicas } from '../../../platform/redis/replicas.js';
import type { AnyCaller } from '../../auth/index.js';
import { type Acceptance, type Matches, RunnerBus } from '../../deliveries/index.js';
import { RunnerAccess, WantedVersion } from '../../runners/index.js';
import { isOpen, sessionEnded, type SessionEntity } from '../../sessions/index.js';
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
    private readonly runners: RunnerAccess,
    private readonly wanted: WantedVersion,
    private readonly types: TriggerTypes,
    private readonly subscriptions: Subscriptions,
    private readonly listeners: TriggerListeners,
    private readonly bus: RunnerBus,
    private readonly replicas: Replicas,
    private readonly config: RelayConfig,
  ) {}

  /**
   * To every session that subscribed to it and every listener that waits for it on this runner.
   * @param operationId With the same one again, the same trigger with the same matches.
   * @throws ProblemError `not_found` when the runner is not the caller's
   */
  async broadcast(
    caller: AnyCaller,
    runnerId: string,
    operationId: string,
    request: TriggerRequest,
  ): Promise<FiredTrigger> {
    const trigger = asTrigger(operationId, request);
    return this.unlessKnown(runnerId, trigger, () => this.fireAtRunner(caller, runnerId, trigger));
  }

  /** To one session, whatever it subscribed to. @throws ProblemError `session_ended` */
  async atSession(session: SessionEntity, operationId: string, request: TriggerRequest): Promise<FiredTrigger> {
    const trigger = asTrigger(operationId, request);
    return this.unlessKnown(session.runnerId, trigger, () => this.fireAtSession(session, trigger));
  }

  /**
   * A fact of the relay's own, at one session: also at one that is over, whose inbox keeps it until it is resumed. With the same id again
   * nothing new.
   */
  async own({ sessionId, runnerId }: Pick<SessionEntity, 'sessionId' | 'runnerId'>, trigger: Trigger): Promise<void> {
    const matches = { sessions: [{ sessionId, subscriptionIds: [] }], listeners: [] };
    await this.answer('session', trigger, matches, await this.bus.accept(runnerId, trigger, matches, null));
  }

  /**
   * A try whose answer was lost may have been accepted before whatever refuses this one: then its answer counts. Asked only of what is
   * refused, because acceptance asks in its own step.
   */
  private async unlessKnown(
    runnerId: string,
    { triggerId }: Trigger,
    fire: () => Promise<FiredTrigger>,
  ): Promise<FiredTrigger> {
    try {
      return await fire();
    } catch (error) {
      const matches = error instanceof ProblemError ? await this.bus.known(runnerId, triggerId) : null;
      if (!matches) throw error;
      await this.replicas.confirm();
      return { triggerId, matches };
    }
  }

  private async fireAtRunner(caller: AnyCaller, runnerId: string, trigger: Trigger): Promise<FiredTrigger> {
    this.checkSize(trigger.payload);
    const lastSeen = this.wanted.lastSeen(runnerId);
    const fired = lastSeen === undefined ? null : await this.tryAsOf(lastSeen, caller, runnerId, trigger);
    if (fired) return fired;
    // This is as of the call, so it counts, though more may change meanwhile: otherwise many changes could keep a trigger out for long.
    const matches = await this.matches(await this.wanted.read(runnerId), caller, runnerId, trigger);
    return this.answer('runner', trigger, matches, await this.bus.accept(runnerId, trigger, matches, null));
  }

  private async fireAtSession(session: SessionEntity, trigger: Trigger): Promise<FiredTrigger> {
    const { sessionId, runnerId, status } = session;
    this.checkSize(trigger.payload);
    if (!isOpen(status)) throw sessionEnded(status, 'resume it, then fire again');
    const matches = { sessions: [{ sessionId, subscriptionIds: [] }], listeners: [] };
    return this.answer('session', trigger, matches, await this.bus.accept(runnerId, trigger, matches, null));
  }

  /**
   * Most of the time nothing has changed, and Redis sees that in the same step in which it accepts: it need not be asked before.
   * @returns null when something has, and nothing was done
   */
  private async tryAsOf(
    version: string,
    caller: AnyCaller,
    runnerId: string,
    trigger: Trigger,
  ): Promise<FiredTrigger | null> {
    let matches: Matches;
    try {
      matches = await this.matches(version, caller, runnerId, trigger);
    } catch (error) {
      // Perhaps it is allowed by now.
      if ((await this.wanted.read(runnerId)) !== version) return null;
      throw error;
    }
    const acceptance = await this.bus.accept(runnerId, trigger, matches, version);
    return acceptance.kind === 'outdated' ? null : this.answer('runner', trigger, matches, acceptance);
  }

  private async matches(
    version: string,
    caller: AnyCaller,
    runnerId: string,
    { type, payload }: Trigger,
  ): Promise<Matches> {
    this.types.require(await this.runners.requireAsOf(version, runnerId, caller), type, payload);
    const [sessions, listeners] = await Promise.all([
      this.subscriptions.matching(version, runnerId, type, payload),
      this.listeners.port.matching(version, runnerId, type, payload),
    ]);
    return { sessions, listeners };
  }

  private async answer(
    target: 'runner' | 'session',
    { triggerId }: Trigger,
    matches: Matches,
    acceptance: Acceptance,
  ): Promise<FiredTrigger> {
    triggersFired.inc({ target });
    await this.replicas.confirm();
    return { triggerId, matches: acceptance.kind === 'known' ? acceptance.matches : matches };
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

function asTrigger(
  operationId: string,
  { type, payload, source = DEFAULT_SOURCE, deliverAs, summary }: TriggerRequest,
): Trigger {
  return {
    triggerId: IdPrefix.trigger + operationId,
    type,
    payload,
    source,
    deliverAs,
    ...(summary === undefined ? {} : { summary }),
    ts: new Date().toISOString(),
  };
}
