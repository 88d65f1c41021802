import { Injectable } from '@nestjs/common';
import type { TriggerPayload } from '@pizzapi/protocol';
import { PinoLogger } from 'nestjs-pino';
import { type Loaded, VersionedCache } from '../../../platform/cache/versioned-cache.js';
import { Database } from '../../../platform/database/database.js';
import { type WantedTrigger, WantedTriggersOfRunners, WantedVersion, type WantsTriggers } from '../../runners/index.js';
import { OPEN_SESSIONS_CHANGED } from '../../sessions/index.js';
import { matchesTrigger } from '../matching/match-trigger.js';
import { parseCriteria, type StoredCriteria } from '../matching/stored-criteria.js';
import { type MatchableRow, SubscriptionRepository } from './subscription.repository.js';

interface Matchable extends StoredCriteria {
  subscriptionId: string;
}
/** A session's subscriptions to one trigger type. */
interface SessionWishes {
  sessionId: string;
  subscriptions: Matchable[];
}
/** A session that a trigger reaches, and by which of its subscriptions. */
export interface MatchedSession {
  sessionId: string;
  subscriptionIds: string[];
}

/** In characters of the stored text; in memory it takes several times that. */
const MAX_WEIGHT = 8 * 1024 * 1024;
/** In addition to the text of its criteria. */
const WEIGHT_OF_A_ROW = 100;

/** Finds the sessions that subscribed to a trigger. Those that have ended do not count until they are resumed. */
@Injectable()
export class Subscriptions implements WantsTriggers {
  private readonly wishes = new VersionedCache<SessionWishes[]>(MAX_WEIGHT);

  constructor(
    private readonly repository: SubscriptionRepository,
    private readonly logger: PinoLogger,
    version: WantedVersion,
    runners: WantedTriggersOfRunners,
    database: Database,
  ) {
    runners.register(this);
    database.whenCommitted(OPEN_SESSIONS_CHANGED, (runnerId) => version.bump(runnerId));
  }

  /** Each session once, with all of its matching subscriptions. Sees every change that was answered before `version` became the wanted version. */
  async matching(version: string, runnerId: string, type: string, payload: TriggerPayload): Promise<MatchedSession[]> {
    const matched: MatchedSession[] = [];
    const wishes = await this.wishes.get(version, `${runnerId} ${type}`, () => this.load(runnerId, type));
    for (const { sessionId, subscriptions } of wishes) {
      const fitting = subscriptions.filter((subscription) => matchesTrigger(subscription, payload));
      if (fitting.length > 0)
        matched.push({ sessionId, subscriptionIds: fitting.map(({ subscriptionId }) => subscriptionId) });
    }
    return matched;
  }

  async wantedOf(runnerId: string): Promise<WantedTrigger[]> {
    return (await this.repository.wanted(runnerId)).flatMap(({ subscriptionId, triggerType, params }) => {
      const criteria = this.parse({ subscriptionId, params, filters: null, filterMode: 'and' });
      return criteria ? [{ subscriptionId, listenerId: null, type: triggerType, params: criteria.params }] : [];
    });
  }

  private async load(runnerId: string, type: string): Promise<Loaded<SessionWishes[]>> {
    const value: SessionWishes[] = [];
    let weight = WEIGHT_OF_A_ROW;
    for (const row of await this.repository.matchable(runnerId, type)) {
      const criteria = this.parse(row);
      if (!criteria) continue;
      weight += WEIGHT_OF_A_ROW + (row.params?.length ?? 0) + (row.filters?.length ?? 0);
      const { sessionId, subscriptionId } = row;
      const last = value.at(-1);
      // They come sorted by session.
      if (last?.sessionId === sessionId) last.subscriptions.push({ subscriptionId, ...criteria });
      else value.push({ sessionId, subscriptions: [{ subscriptionId, ...criteria }] });
    }
    return { value, weight };
  }

  private parse(row: Omit<MatchableRow, 'sessionId'>): StoredCriteria | null {
    const criteria = parseCriteria(row);
    if (!criteria) this.logger.error({ subscriptionId: row.subscriptionId }, 'A subscription cannot be read');
    return criteria;
  }
}
