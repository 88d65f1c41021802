import { Injectable } from '@nestjs/common';
import { notFound } from '../../platform/http/problem.error.js';
import type { AnyCaller, Caller } from '../auth/index.js';
import type { RunnerEntity } from './runner.entity.js';
import { RunnerRepository } from './runner.repository.js';

/** Runners are private to their owner. */
@Injectable()
export class RunnerAccess {
  constructor(private readonly runners: RunnerRepository) {}

  /** @throws ProblemError `not_found` when it is unknown or somebody else's */
  async require(runnerId: string, caller: Caller): Promise<RunnerEntity> {
    const runner = await this.runners.find(runnerId);
    if (!runner || runner.ownerId !== caller.userId) throw notFound('runner');
    return runner;
  }

  /** All that the caller may use. */
  idsOf(caller: Caller): Promise<string[]> {
    return this.runners.idsOf(caller.userId);
  }

  /** Also for a runner itself and its services, known by their keys. @throws ProblemError `not_found` when it is not theirs, or was removed */
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
}
