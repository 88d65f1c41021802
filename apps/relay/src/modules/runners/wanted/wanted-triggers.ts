import { Injectable } from '@nestjs/common';
import type { WantedTriggers } from '@pizzapi/protocol';

export type WantedTrigger = WantedTriggers['subscriptions'][number];

/** Keeps subscriptions or listeners of a runner. */
export interface WantsTriggers {
  /** All that count at present. */
  wantedOf(runnerId: string): Promise<WantedTrigger[]>;
}

/** Where the keepers of subscriptions and of listeners register themselves. They import this module, so this one cannot import them. */
@Injectable()
export class WantedTriggersOfRunners {
  private readonly keepers: WantsTriggers[] = [];

  register(keeper: WantsTriggers): void {
    this.keepers.push(keeper);
  }

  async of(runnerId: string): Promise<WantedTriggers> {
    const wanted = await Promise.all(this.keepers.map((keeper) => keeper.wantedOf(runnerId)));
    return { subscriptions: wanted.flat() };
  }
}
