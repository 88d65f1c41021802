import { Injectable } from '@nestjs/common';
import { EventBus } from '../../../platform/streams/event-bus.js';
import { type Holder, Presence } from '../../../platform/sockets/presence.js';
import { RunnerRepository } from '../runner.repository.js';

/** Records which runners are online, and publishes changes of that. */
@Injectable()
export class RunnerPresence {
  constructor(
    private readonly presence: Presence,
    private readonly runners: RunnerRepository,
    private readonly bus: EventBus,
  ) {
    presence.whenLost('runners', (runnerIds) => this.changed(runnerIds));
  }

  /** @returns the socket that was attached as this runner before, if any */
  async attach(runnerId: string, socketId: string): Promise<Holder | null> {
    const before = await this.presence.claim('runners', runnerId, socketId);
    await this.changed([runnerId]);
    return before;
  }

  async detach(runnerId: string, socketId: string): Promise<void> {
    // A newer connection of the same runner keeps it online.
    if (await this.presence.release('runners', runnerId, socketId)) await this.changed([runnerId]);
  }

  private async changed(runnerIds: string[]): Promise<void> {
    try {
      await this.runners.seen(runnerIds);
    } finally {
      // Published even if the database is away: the presence itself is in Redis, and nobody would announce this change later.
      for (const runnerId of runnerIds) await this.announce(runnerId);
    }
  }

  private async announce(runnerId: string): Promise<void> {
    await this.bus.publish('runner.changed', { runnerId });
    // The state of its services depends on it: while it is away, none runs and no panel can be reached.
    await this.bus.publish('runner.services-changed', { runnerId });
  }
}
