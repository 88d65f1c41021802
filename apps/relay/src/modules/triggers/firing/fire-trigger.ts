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

/** An accepted trigger, and whom it reaches. That is decided once, when it is accepted. */
export interface FiredTrigger {
  triggerId: string;
  matches: Matches;
}

const DEFAULT_SOURCE = 'external:api';

/** Accepts triggers. Once a call resolves, the trigger is on the runner's bus with its matches, and will be delivered. */
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
   * Fires at every session of the runner that subscribed to the trigger, and at every listener that waits for it.
   * @param operationId the same one again returns the same trigger with the same matches
   * @throws ProblemError `not_found` when the runner is not the caller's, `payload_too_large`, and as {@link TriggerTypes.require}
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

  /** Fires at one session, whatever it subscribed to. @throws ProblemError `session_ended`, `payload_too_large` */
  async atSession(session: SessionEntity, operationId: string, request: TriggerRequest): Promise<FiredTrigger> {
    const trigger = asTrigger(operationId, request);
    return this.unlessKnown(session.runnerId, trigger, () => this.fireAtSession(session, trigger));
  }

  /**
   * Fires a trigger of the relay's own at one session, even if that has ended: its inbox keeps the trigger until it is resumed. A trigger
   * with the same id again changes nothing.
   */
  async own({ sessionId, runnerId }: Pick<SessionEntity, 'sessionId' | 'runnerId'>, trigger: Trigger): Promise<void> {
    const matches = { sessions: [{ sessionId, subscriptionIds: [] }], listeners: [] };
    await this.answer('session', trigger, matches, await this.bus.accept(runnerId, trigger, matches, null));
  }

  /**
   * An earlier try may have been accepted although its answer was lost. When this one is refused (the session has ended since, say), the
   * answer of that one counts. This is looked up only after a refusal, because accepting a trigger finds an earlier try by itself.
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
    // These matches are as of this call, so they count even if something changes now. Otherwise a stream of changes could keep a trigger
    // out for long.
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
   * Matches as of the version that was last seen here. Mostly nothing has changed since, and Redis checks that in the very step that
   * accepts the trigger, which saves asking it first.
   * @returns null when something has changed, and nothing was accepted
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
      // By the current version it may be allowed.
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
