import { Injectable } from '@nestjs/common';
import { IdPrefix, type SubscriptionView, type TriggerCriteria } from '@pizzapi/protocol';
import { invalid, notFound } from '../../../platform/http/problem.error.js';
import { WantedVersion } from '../../runners/index.js';
import type { SessionEntity } from '../../sessions/index.js';
import { checkCriteria } from '../matching/criteria-limits.js';
import { storedCriteria } from '../matching/stored-criteria.js';
import { subscriptionView } from './subscribe.js';
import { SubscriptionRepository, type SubscriptionTarget } from './subscription.repository.js';

type Owned = Pick<SessionEntity, 'sessionId' | 'runnerId'>;

/** Looks up, changes and removes a session's subscriptions: one by its id or, as in the old days, all of a trigger type. */
@Injectable()
export class ChangeSubscriptions {
  constructor(
    private readonly subscriptions: SubscriptionRepository,
    private readonly version: WantedVersion,
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
   * @returns how many subscriptions it changed
   * @throws ProblemError `not_found` for an id, `invalid_request`
   */
  async replace(session: Owned, target: string, criteria: TriggerCriteria): Promise<number> {
    checkCriteria(criteria);
    const { sessionId } = session;
    return this.changed(
      session,
      target,
      await this.subscriptions.replace(sessionId, targetOf(target), storedCriteria(criteria)),
    );
  }

  /** @throws ProblemError `invalid_request` where the target is of another type, `not_found` */
  async requireType(session: Owned, target: string, triggerType: string): Promise<void> {
    const actual = isSubscriptionId(target) ? (await this.get(session, target)).triggerType : target;
    if (actual !== triggerType)
      throw invalid('triggerType', `is "${actual}" and cannot be changed; subscribe to the other type instead`);
  }

  /**
   * @returns how many subscriptions it removed
   * @throws ProblemError `not_found` for an id
   */
  async remove(session: Owned, target: string): Promise<number> {
    return this.changed(session, target, await this.subscriptions.delete(session.sessionId, targetOf(target)));
  }

  private async changed({ runnerId }: Owned, target: string, count: number): Promise<number> {
    if (count === 0 && isSubscriptionId(target)) throw notFound('subscription');
    // Also when there was nothing: an earlier try may have ended just before this.
    await this.version.bump(runnerId);
    return count;
  }
}

/** What is not an id is a trigger type: those have a colon. */
export function isSubscriptionId(target: string): boolean {
  return target.startsWith(IdPrefix.subscription) && !target.includes(':');
}

function targetOf(target: string): SubscriptionTarget {
  return isSubscriptionId(target) ? { subscriptionId: target } : { triggerType: target };
}
