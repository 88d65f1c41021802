import { Injectable } from '@nestjs/common';
import { type SubscriptionView, type TriggerCriteria } from '@pizzapi/protocol';
import { invalid, notFound } from '../../../platform/http/problem.error.js';
import type { SessionEntity } from '../../sessions/index.js';
import { checkCriteria } from '../matching/criteria-limits.js';
import {
  askedCriteria,
  type ChangedCriteria,
  givenCriteria,
  storedCriteria,
  type StoredCriteria,
} from '../matching/stored-criteria.js';
import { isTriggerType } from '../types/is-trigger-type.js';
import { subscriptionView } from './subscribe.js';
import { SubscriptionNews } from './subscription-news.js';
import { SubscriptionRepository, type SubscriptionTarget } from './subscription.repository.js';

type Owned = Pick<SessionEntity, 'sessionId' | 'runnerId'>;

/** Looks up, changes and removes a session's subscriptions: one by its id or, as in the old days, all of a trigger type. */
@Injectable()
export class ChangeSubscriptions {
  constructor(
    private readonly subscriptions: SubscriptionRepository,
    private readonly news: SubscriptionNews,
  ) {}

  /** @throws ProblemError `not_found` */
  async get({ sessionId }: Owned, subscriptionId: string): Promise<SubscriptionView> {
    const found = await this.subscriptions.find(sessionId, subscriptionId);
    if (!found) throw notFound('subscription');
    return subscriptionView(found);
  }

  /** All of the session's, the oldest first. */
  async list({ sessionId }: Owned): Promise<SubscriptionView[]> {
    return (await this.subscriptions.page(sessionId, null)).map(subscriptionView);
  }

  /**
   * Puts other params and filters in the place of those that were.
   * @param triggerType What the caller takes their type for.
   * @returns the changed ones, as this change left them
   * @throws ProblemError `not_found` for an id, `invalid_request`, also where the target is of another type: then none is changed
   */
  async replace(
    session: Owned,
    target: string,
    criteria: TriggerCriteria,
    triggerType?: string,
  ): Promise<SubscriptionView[]> {
    checkCriteria(criteria);
    return this.change(session, target, storedCriteria(criteria), triggerType);
  }

  /** The same, but what is not given stays as it is, whatever others change at the same time; null takes it away. */
  async merge(
    session: Owned,
    target: string,
    criteria: ChangedCriteria,
    triggerType?: string,
  ): Promise<SubscriptionView[]> {
    checkCriteria(criteria);
    return this.change(session, target, givenCriteria(criteria), triggerType);
  }

  /**
   * @returns how many subscriptions it removed
   * @throws ProblemError `not_found` for an id
   */
  async remove(session: Owned, target: string): Promise<number> {
    const count = await this.subscriptions.delete(session.sessionId, targetOf(target));
    await this.tell(session, target, count);
    return count;
  }

  private async change(
    session: Owned,
    target: string,
    criteria: Partial<StoredCriteria>,
    triggerType: string | undefined,
  ): Promise<SubscriptionView[]> {
    if (isTriggerType(target)) requireType(target, triggerType);
    const changed = await this.subscriptions.change(session.sessionId, targetOf(target), criteria, (subscription) => {
      requireType(subscription.triggerType, triggerType);
      checkCriteria(askedCriteria(subscription));
    });
    await this.tell(session, target, changed.length);
    return changed.map(subscriptionView);
  }

  private async tell(session: Owned, target: string, count: number): Promise<void> {
    if (count === 0 && !isTriggerType(target)) throw notFound('subscription');
    // Also when there was nothing: an earlier try may have ended just before this.
    await this.news.tell(session);
  }
}

function targetOf(target: string): SubscriptionTarget {
  return isTriggerType(target) ? { triggerType: target } : { subscriptionId: target };
}

function requireType(actual: string, triggerType: string | undefined): void {
  if (triggerType !== undefined && actual !== triggerType)
    throw invalid('triggerType', `is "${actual}" and cannot be changed; subscribe to the other type instead`);
}
