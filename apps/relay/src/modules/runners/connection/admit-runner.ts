import { Injectable } from '@nestjs/common';
import { ProblemCode, PROTOCOL_VERSION, RunnerHandshake, type RunnerHello } from '@pizzapi/protocol';
import { Compile } from 'typebox/compile';
import { conflict, ProblemError } from '../../../platform/http/problem.error.js';
import { type RunnerOwner, RunnerRepository } from '../runner.repository.js';

const check = Compile(RunnerHandshake);

/** The owner whose runners a credential admits, and the only one of them if it is bound to one. */
export interface RunnerCredential extends RunnerOwner {
  runnerId: string | null;
}

/** Admits a daemon if its handshake is valid and its runner id belongs to the owner of the credential. */
@Injectable()
export class AdmitRunner {
  constructor(private readonly runners: RunnerRepository) {}

  /** @throws ProblemError `malformed_message`, `protocol_too_old`, `runner_id_taken` */
  async run(handshake: unknown, { runnerId, ownerId, organisationId }: RunnerCredential): Promise<RunnerHello> {
    if (!check.Check(handshake)) {
      throw new ProblemError(
        400,
        ProblemCode.malformedMessage,
        'The handshake of a runner does not have the shape that this relay expects.',
      );
    }
    if (handshake.protocol < PROTOCOL_VERSION - 1) {
      throw new ProblemError(
        400,
        ProblemCode.protocolTooOld,
        'This runner is too old for this relay; update PizzaPi on its machine.',
      );
    }
    const { hello } = handshake;
    if (runnerId !== null && runnerId !== hello.runnerId) {
      throw conflict(ProblemCode.runnerIdTaken, 'This key is bound to another runner; give this one a key of its own.');
    }
    if (!(await this.runners.upsert(hello, { ownerId, organisationId }))) {
      throw conflict(
        ProblemCode.runnerIdTaken,
        'A runner of another account has this id; remove runner.json from PIZZAPI_HOME to get a new one.',
      );
    }
    return hello;
  }
}
