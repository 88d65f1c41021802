/** The database does not answer, or ended a connection. */
export class DatabaseAwayError extends Error {
  constructor(why: string, options?: ErrorOptions) {
    super(`The database does not answer: ${why}.`, options);
    this.name = 'DatabaseAwayError';
  }
}

/** Of PostgreSQL: shut down, starting, no connection left, the connection failed. Of Node: the connection broke. */
const CODES = /^(57P0[123]|53300|08\w{3}|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/;
/** What `pg` says without a code. */
const WORDS = /^(Connection terminated|Client has encountered a connection error|Client was closed)/;

/** Whether a query failed, or a connection could not be had, because the database is away. */
export function isDatabaseAway(error: unknown): boolean {
  if (error instanceof DatabaseAwayError) return true;
  // TypeORM wraps what its driver throws. Others' broken connections are none of the database's.
  if (!(error instanceof Error) || !('driverError' in error)) return false;
  const cause = error.driverError;
  if (!(cause instanceof Error)) return false;
  const code = 'code' in cause ? cause.code : undefined;
  return (
    cause instanceof DatabaseAwayError || (typeof code === 'string' && CODES.test(code)) || WORDS.test(cause.message)
  );
}
