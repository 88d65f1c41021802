import { Injectable } from '@nestjs/common';
import type { TriggerPayload } from '@pizzapi/protocol';
import { LruCache } from '../../platform/cache/lru-cache.js';
import { type WantedTrigger, WantedTriggersOfRunners, WantedVersion, type WantsTriggers } from '../runners/index.js';
import { type ListenersOfRunners, matchesTrigger, TriggerListeners } from '../triggers/index.js';
import { ListenerRepository, type ListenerWishes } from './listener.repository.js';

const MAX_RUNNERS = 1_000;

/** The listeners that are enabled: which of them a trigger reaches is decided here, when it is accepted, and what services are told of them. */
@Injectable()
export class StandingListeners implements ListenersOfRunners, WantsTriggers {
  private readonly known = new LruCache<{ version: string; listeners: ListenerWishes[] }>(MAX_RUNNERS);

  constructor(
    private readonly listeners: ListenerRepository,
    private readonly version: WantedVersion,
    triggerListeners: TriggerListeners,
    wantedTriggers: WantedTriggersOfRunners,
  ) {
    triggerListeners.register(this);
    wantedTriggers.register(this);
  }

  async matching(runnerId: string, type: string, payload: TriggerPayload): Promise<{ listenerId: string }[]> {
    const enabled = await this.enabled(runnerId);
    return enabled
      .filter((listener) => listener.triggerType === type && matchesTrigger(listener, payload))
      .map(({ listenerId }) => ({ listenerId }));
  }

  async wantedOf(runnerId: string): Promise<WantedTrigger[]> {
    const enabled = await this.enabled(runnerId);
    return enabled.map(({ listenerId, triggerType, params }) => ({
      subscriptionId: null,
      listenerId,
      type: triggerType,
      params,
    }));
  }

  private async enabled(runnerId: string): Promise<ListenerWishes[]> {
    const version = await this.version.read(runnerId);
    const known = this.known.get(runnerId);
    if (known?.version === version) return known.listeners;
    const listeners = await this.listeners.enabled(runnerId);
    this.known.set(runnerId, { version, listeners });
    return listeners;
  }
}
