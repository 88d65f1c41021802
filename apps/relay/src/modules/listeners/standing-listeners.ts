import { Injectable } from '@nestjs/common';
import type { TriggerPayload } from '@pizzapi/protocol';
import { type WantedTrigger, WantedTriggersOfRunners, WantedVersion, type WantsTriggers } from '../runners/index.js';
import {
  type ListenersOfRunners,
  type Loaded,
  matchesTrigger,
  TriggerListeners,
  WantedCache,
} from '../triggers/index.js';
import { ListenerRepository, type ListenerWishes } from './listener.repository.js';

/** Beside the text of its criteria. */
const WEIGHT_OF_A_ROW = 100;

/** The listeners that are enabled: which of them a trigger reaches is decided here, when it is accepted, and what services are told of them. */
@Injectable()
export class StandingListeners implements ListenersOfRunners, WantsTriggers {
  private readonly wishes: WantedCache<ListenerWishes[]>;

  constructor(
    private readonly listeners: ListenerRepository,
    version: WantedVersion,
    triggerListeners: TriggerListeners,
    wantedTriggers: WantedTriggersOfRunners,
  ) {
    this.wishes = new WantedCache(version, (runnerId, type) => this.load(runnerId, type));
    triggerListeners.register(this);
    wantedTriggers.register(this);
  }

  async matching(runnerId: string, type: string, payload: TriggerPayload): Promise<{ listenerId: string }[]> {
    const wishes = await this.wishes.get(runnerId, type);
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
    const value = await this.listeners.enabled(runnerId, type);
    const text = JSON.stringify(value.map(({ params, filters }) => [params, filters]));
    return { value, weight: WEIGHT_OF_A_ROW * (value.length + 1) + text.length };
  }
}
