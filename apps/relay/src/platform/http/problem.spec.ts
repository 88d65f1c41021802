import { HttpException } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { ProblemError } from './problem.error.js';
import { toProblem } from './problem.js';

const withCode = (code: string): Error => Object.assign(new Error(`${code}: as the driver says it`), { code });

describe('toProblem', () => {
  it.each([
    ['SQLite', withCode('SQLITE_FULL')],
    ['PostgreSQL', withCode('53100')],
    ['TypeORM', Object.assign(new Error('QueryFailedError'), { driverError: withCode('SQLITE_FULL') })],
  ])('a full disk, as %s reports it, is storage_full with a time to try again', (_driver, error) => {
    expect(toProblem(error)).toMatchObject({ status: 503, code: 'storage_full', retryAfterS: 30 });
  });

  it.each([
    ['shut down', withCode('57P01')],
    ['gone', withCode('ECONNRESET')],
    ['gone in the middle', new Error('Connection terminated unexpectedly')],
  ])('a database that is %s is unavailable, with a time to try again', (_how, driverError) => {
    const error = Object.assign(new Error('QueryFailedError'), { driverError });
    expect(toProblem(error)).toMatchObject({ status: 503, code: 'unavailable', retryAfterS: 5 });
    // Any other connection that broke.
    expect(toProblem(driverError)).toMatchObject({ status: 500, code: 'internal_error' });
  });

  it('tells nothing of what it does not know', () => {
    expect(toProblem(new Error('password=hunter2'))).toEqual({
      status: 500,
      code: 'internal_error',
      detail: expect.not.stringContaining('hunter2'),
    });
    expect(toProblem('hunter2').detail).not.toContain('hunter2');
  });

  it('keeps what was meant for the caller', () => {
    expect(toProblem(new ProblemError(409, 'session_ended', 'Resume it.'))).toEqual({
      status: 409,
      code: 'session_ended',
      detail: 'Resume it.',
    });
    expect(toProblem(new HttpException('No such thing', 404))).toMatchObject({ status: 404, code: 'not_found' });
  });
});
