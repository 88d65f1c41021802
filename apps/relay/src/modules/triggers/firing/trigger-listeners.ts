import { Injectable } from '@nestjs/common';
import type { TriggerPayload } from '@pizzapi/protocol';

/** What firing needs of whoever keeps the listeners. */
export interface ListenersOfRunners {
  /** The runner's enabled listeners that want a trigger of this type and payload, as of this wanted version or later. */
  matching(version: string, runnerId: string, type: string, payload: TriggerPayload): Promise<{ listenerId: string }[]>;
}

/** Where the listeners module hands itself in: it knows triggers, so triggers cannot import it. */
@Injectable()
export class TriggerListeners {
  private listeners: ListenersOfRunners | null = null;

  register(listeners: ListenersOfRunners): void {
    this.listeners = listeners;
  }

  get port(): ListenersOfRunners {
    if (!this.listeners) throw new Error('No module has registered itself as the keeper of listeners.');
    return this.listeners;
  }
}
