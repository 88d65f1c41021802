import { Injectable } from '@nestjs/common';
import { Presence } from '../../../platform/sockets/presence.js';
import { RunnerRepository } from '../runner.repository.js';

/** Which runners are away, and since when. */
@Injectable()
export class RunnerAbsence {
  constructor(
    private readonly presence: Presence,
    private readonly runners: RunnerRepository,
  ) {}

  async isAway(runnerId: string): Promise<boolean> {
    return (await this.presence.holderOf('runners', runnerId)) === null;
  }

  /** Those of the runners that were removed. */
  async removedAmong(runnerIds: readonly string[]): Promise<Set<string>> {
    const known = new Set((await this.runners.findMany(runnerIds)).map(({ runnerId }) => runnerId));
    return new Set(runnerIds.filter((runnerId) => !known.has(runnerId)));
  }

  /** Those of the runners that are away, with the time at which each was last known to be there. */
  async awaySince(runnerIds: readonly string[]): Promise<Map<string, Date>> {
    const holders = await this.presence.holdersOf('runners', runnerIds);
    const away = await this.runners.findMany(runnerIds.filter((runnerId) => !holders.has(runnerId)));
    return new Map(away.map(({ runnerId, lastSeenAt, createdAt }) => [runnerId, lastSeenAt ?? createdAt]));
  }
}
