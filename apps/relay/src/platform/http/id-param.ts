import { Param, type PipeTransform } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { invalid } from './problem.error.js';

/** A path's id that is no UUID leads to nothing, whoever asks: mostly a variable of a script was empty, or a name was taken for it. */
class UuidPipe implements PipeTransform<string, string> {
  constructor(
    private readonly field: string,
    private readonly message: string,
  ) {}

  transform(value: string): string {
    if (isUUID(value)) return value;
    throw invalid(this.field, this.message);
  }
}

/** `:runnerId` of a path. @throws ProblemError `invalid_request` */
export const RunnerIdParam = (): ParameterDecorator =>
  Param(
    'runnerId',
    new UuidPipe(
      'runnerId',
      "is no runner's id, which is a UUID: the runner's page has it, and ~/.pizzapi/runner.json",
    ),
  );

/** `:sessionId` of a path. @throws ProblemError `invalid_request` */
export const SessionIdParam = (): ParameterDecorator =>
  Param(
    'sessionId',
    new UuidPipe('sessionId', "is no session's id, which is a UUID: the session's address has it, and its details"),
  );
