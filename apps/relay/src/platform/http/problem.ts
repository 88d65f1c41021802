import { HttpException } from '@nestjs/common';
import { ProblemCode } from '@pizzapi/protocol';
import { isDatabaseAway } from '../database/database-away.error.js';
import { ProblemError, type FieldError } from './problem.error.js';

/** An RFC 9457 answer without its request id. */
export interface Problem {
  status: number;
  code: ProblemCode;
  detail: string;
  errors?: FieldError[];
  retryAfterS?: number;
}

/** Maps any error to what a caller may know of it. */
export function toProblem(error: unknown): Problem {
  if (error instanceof ProblemError)
    return { status: error.status, code: error.code, detail: error.message, ...error.extra };
  if (isBodyTooLarge(error)) {
    return {
      status: 413,
      code: ProblemCode.bodyTooLarge,
      detail: 'The request is larger than this relay accepts; shorten it or raise PIZZAPI_MAX_BODY_BYTES.',
    };
  }
  if (hasType(error, 'charset.unsupported')) return unread('content-type', 'has to name UTF-8 as its charset, or none');
  if (hasType(error, 'encoding.unsupported'))
    return unread('content-encoding', 'has to be gzip, deflate or br, or left out');
  if (hasType(error, 'entity.parse.failed'))
    return { status: 400, code: ProblemCode.invalidRequest, detail: 'The body is not valid JSON.' };
  if (isStorageFull(error)) {
    return {
      status: 503,
      code: ProblemCode.storageFull,
      detail: 'The relay has no disk space left for its database; free some and try again.',
      retryAfterS: 30,
    };
  }
  if (isDatabaseAway(error)) {
    return {
      status: 503,
      code: ProblemCode.unavailable,
      detail: "The relay's database does not answer; try again in a moment.",
      retryAfterS: 5,
    };
  }
  if (error instanceof HttpException) return fromHttpException(error);
  return {
    status: 500,
    code: ProblemCode.internal,
    detail: 'Something went wrong in the relay; its log has the details under the request id.',
  };
}

function fromHttpException(error: HttpException): Problem {
  const status = error.getStatus();
  return {
    status,
    code: codes.get(status) ?? (status < 500 ? ProblemCode.invalidRequest : ProblemCode.internal),
    detail: error.message,
  };
}

const codes = new Map<number, ProblemCode>([
  [401, ProblemCode.unauthenticated],
  [403, ProblemCode.forbidden],
  [404, ProblemCode.notFound],
  [409, ProblemCode.conflict],
  [413, ProblemCode.bodyTooLarge],
  [429, ProblemCode.rateLimited],
  [503, ProblemCode.unavailable],
]);

function isBodyTooLarge(error: unknown): boolean {
  return hasType(error, 'entity.too.large');
}

/** A body in a form that is not read. */
function unread(header: string, message: string): Problem {
  return {
    status: 400,
    code: ProblemCode.invalidRequest,
    detail: `${header}: ${message}`,
    errors: [{ path: header, message }],
  };
}

function hasType(error: unknown, type: string): boolean {
  return error instanceof Error && 'type' in error && error.type === type;
}

/** SQLITE_FULL, or PostgreSQL's disk_full. */
function isStorageFull(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const driver = error instanceof Error && 'driverError' in error ? error.driverError : undefined;
  return (
    code === 'SQLITE_FULL' || code === '53100' || (driver !== undefined && driver !== error && isStorageFull(driver))
  );
}
