import { Injectable } from '@nestjs/common';
import { IdPrefix, ProblemCode, type SubscriptionView, type TriggerCriteria } from '@pizzapi/protocol';
import { RelayConfig } from '../../../config/config.js';
import { conflict, notFound } from '../../../platform/http/problem.error.js';
import { RunnerAccess } from '../../runners/index.js';
import type { SessionEntity } from '../../sessions/index.js';
import { checkCriteria } from '../matching/criteria-limits.js';
import { storedCriteria } from '../matching/stored-criteria.js';
import { TriggerTypes } from '../types/trigger-types.js';
import type { SubscriptionEntity } from './subscription.entity.js';
import { SubscriptionNews } from './subscription-news.js';
import { SubscriptionRepository } from './subscription.repository.js';

/** Creates a subscription. It counts for every trigger that is fired after this was answered. */
@Injectable()
export class Subscribe {
  constructor(
    private readonly runners: RunnerAccess,
    private readonly types: TriggerTypes,
    private readonly subscriptions: SubscriptionRepository,
    private readonly news: SubscriptionNews,
    private readonly config: RelayConfig,
  ) {}

  /**
   * @param operationId the same one again returns the same subscription
   * @throws ProblemError `unknown_trigger_type`, `trigger_type_disabled`, `too_many_subscriptions`, `invalid_request`
   */
  async run(
    session: SessionEntity,
    operationId: string,
    triggerType: string,
    criteria: TriggerCriteria,
  ): Promise<SubscriptionView> {
    const { sessionId } = session;
    // Looked up before anything could refuse this try: an earlier one may have succeeded although its answer was lost.
    const known = await this.subscriptions.find(sessionId, IdPrefix.subscription + operationId);
    const made = known ?? (await this.make(session, operationId, triggerType, criteria));
    await this.news.tell(session);
    return subscriptionView(made);
  }

  private async make(
    session: SessionEntity,
    operationId: string,
    triggerType: string,
    criteria: TriggerCriteria,
  ): Promise<SubscriptionEntity> {
    checkCriteria(criteria);
    this.types.declared(await this.runners.requireItself(session.runnerId), triggerType);
    const { sessionId, runnerId, ownerId, organisationId } = session;
    const now = new Date();
    const row: SubscriptionEntity = {
      subscriptionId: IdPrefix.subscription + operationId,
      sessionId,
      runnerId,
      ownerId,
      organisationId,
      triggerType,
      ...storedCriteria(criteria),
      createdAt: now,
      updatedAt: now,
    };
    const limit = this.config.maxSubscriptionsPerSession;
    const made = await this.subscriptions.insert(row, limit);
    if (made === 'gone') throw notFound('session');
    if (made === 'full')
      throw conflict(
        ProblemCode.tooManySubscriptions,
        `The session has ${limit} subscriptions, as many as it may; remove some, or raise PIZZAPI_MAX_SUBSCRIPTIONS_PER_SESSION.`,
      );
    // Workers choose their operation ids themselves.
    if (made.sessionId !== sessionId)
      throw conflict(ProblemCode.conflict, 'This operation id was used by another session; use a new one.');
    return made;
  }
}

export function subscriptionView(row: SubscriptionEntity): SubscriptionView {
  const { subscriptionId, triggerType, params, filters, filterMode, createdAt, updatedAt } = row;
  return {
    subscriptionId,
    triggerType,
    params,
    filters,
    filterMode,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
