import { Injectable } from '@nestjs/common';
import { isUuid, ProblemCode } from '@pizzapi/protocol';
import { conflict, invalid, notFound } from '../../../platform/http/problem.error.js';
import { type AnyCaller, requireKind } from '../../auth/index.js';
import { RunnerRepository } from '../runner.repository.js';

/** Admits a daemon's second connection, the tunnel. The runner must be known from the first one, and belong to the caller. */
@Injectable()
export class AdmitTunnel {
  constructor(private readonly runners: RunnerRepository) {}

  /** @throws ProblemError `invalid_request`, `forbidden`, `runner_id_taken`, `not_found` */
  async run(runnerId: string, caller: AnyCaller): Promise<void> {
    requireKind(caller, ['person', 'runner']);
    if (!isUuid(runnerId)) throw invalid('x-pizzapi-runner', "must be the runner's id");
    if (caller.kind === 'runner' && caller.runnerId !== runnerId)
      throw conflict(ProblemCode.runnerIdTaken, 'This key is bound to another runner; give this one a key of its own.');
    const runner = await this.runners.find(runnerId);
    // A runner's own key is proof enough, even while an account is adopting the runner.
    if (!runner || (caller.kind === 'person' && runner.ownerId !== caller.userId)) throw notFound('runner');
  }
}
