import { Injectable } from '@nestjs/common';
import { notFound } from '../../platform/http/problem.error.js';
import { type Loaded, VersionedCache } from '../../platform/cache/versioned-cache.js';
import { Database } from '../../platform/database/database.js';
import type { AnyCaller, Caller } from '../auth/index.js';
import type { RunnerEntity } from './runner.entity.js';
import { RUNNER_CHANGED, RunnerRepository } from './runner.repository.js';
import { WantedVersion } from './wanted/wanted-version.js';

/** In characters of the stored text; in memory it takes several times that. */
const MAX_WEIGHT = 8 * 1024 * 1024;
const WEIGHT_OF_A_ROW = 500;

/** Runners are private to their owner. */
@Injectable()
export class RunnerAccess {
  private readonly known = new VersionedCache<RunnerEntity | null>(MAX_WEIGHT);

  constructor(
    private readonly runners: RunnerRepository,
    database: Database,
    version: WantedVersion,
  ) {
    database.whenCommitted(RUNNER_CHANGED, (runnerId) => version.renew(runnerId));
  }

  /** @throws ProblemError `not_found` when it is unknown or somebody else's */
  async require(runnerId: string, caller: Pick<Caller, 'userId'>): Promise<RunnerEntity> {
    const runner = await this.runners.find(runnerId);
    if (!runner || runner.ownerId !== caller.userId) throw notFound('runner');
    return runner;
  }

  /**
   * As of a wanted version or later, from memory. For triggers, which are frequent and need everything that the runner announces. What it
   * says about itself when it connects (name, version) may be older.
   * @throws ProblemError `not_found`, also for the key of another runner or its service
   */
  async requireAsOf(version: string, runnerId: string, caller: AnyCaller): Promise<RunnerEntity> {
    const runner = await this.known.get(version, runnerId, () => this.load(runnerId));
    const isTheirs = caller.kind === 'person' ? caller.userId === runner?.ownerId : caller.runnerId === runnerId;
    if (!runner || !isTheirs) throw notFound('runner');
    return runner;
  }

  /** The ids of all runners that the caller may use. */
  idsOf(caller: Pick<Caller, 'userId'>): Promise<string[]> {
    return this.runners.idsOf(caller.userId);
  }

  /** Like {@link require}, but also for a runner and its services, known by their keys. @throws ProblemError `not_found` */
  async requireFor(caller: AnyCaller, runnerId: string): Promise<RunnerEntity> {
    if (caller.kind === 'person') return this.require(runnerId, caller);
    if (caller.runnerId !== runnerId) throw notFound('runner');
    return this.requireItself(runnerId);
  }

  /** For the runner itself, known by its key or socket. @throws ProblemError `not_found` when it was removed */
  async requireItself(runnerId: string): Promise<RunnerEntity> {
    const runner = await this.runners.find(runnerId);
    if (!runner) throw notFound('runner');
    return runner;
  }

  private async load(runnerId: string): Promise<Loaded<RunnerEntity | null>> {
    const value = await this.runners.find(runnerId);
    return { value, weight: WEIGHT_OF_A_ROW + JSON.stringify(value?.announcement ?? null).length };
  }
}
