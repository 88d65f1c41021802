import { Injectable } from '@nestjs/common';
import type { TriggerPayload } from '@pizzapi/protocol';
import { PinoLogger } from 'nestjs-pino';
import { type Loaded, VersionedCache } from '../../platform/cache/versioned-cache.js';
import { type WantedTrigger, WantedTriggersOfRunners, type WantsTriggers } from '../runners/index.js';
import { areCriteria, type ListenersOfRunners, matchesTrigger, TriggerListeners } from '../triggers/index.js';
import { ListenerRepository, type ListenerWishes } from './listener.repository.js';

/** In characters of the stored text; in memory it takes several times that. */
const MAX_WEIGHT = 8 * 1024 * 1024;
/** In addition to the text of its criteria. */
const WEIGHT_OF_A_ROW = 100;

/** The enabled listeners: finds those that a trigger reaches, when it is accepted, and tells services what they want. */
@Injectable()
export class StandingListeners implements ListenersOfRunners, WantsTriggers {
  private readonly wishes = new VersionedCache<ListenerWishes[]>(MAX_WEIGHT);

  constructor(
    private readonly listeners: ListenerRepository,
    private readonly logger: PinoLogger,
    triggerListeners: TriggerListeners,
    wantedTriggers: WantedTriggersOfRunners,
  ) {
    triggerListeners.register(this);
    wantedTriggers.register(this);
  }

  async matching(
    version: string,
    runnerId: string,
    type: string,
    payload: TriggerPayload,
  ): Promise<{ listenerId: string }[]> {
    const wishes = await this.wishes.get(version, `${runnerId} ${type}`, () => this.load(runnerId, type));
    return wishes.filter((wish) => matchesTrigger(wish, payload)).map(({ listenerId }) => ({ listenerId }));
  }

  async wantedOf(runnerId: string): Promise<WantedTrigger[]> {
    return (await this.listeners.enabled(runnerId)).map(({ listenerId, triggerType, params }) => ({
      subscriptionId: null,
      listenerId,
      type: triggerType,
      params,
    }));
  }

  private async load(runnerId: string, type: string): Promise<Loaded<ListenerWishes[]>> {
    const value = (await this.listeners.enabled(runnerId, type)).filter((wishes) => this.isReadable(wishes));
    const text = JSON.stringify(value.map(({ params, filters }) => [params, filters]));
    return { value, weight: WEIGHT_OF_A_ROW * (value.length + 1) + text.length };
  }

  private isReadable(wishes: ListenerWishes): boolean {
    if (areCriteria(wishes)) return true;
    this.logger.error({ listenerId: wishes.listenerId }, 'A listener cannot be read, and matches nothing');
    return false;
  }
}
