import { ProblemCode } from '@pizzapi/protocol';

export interface FieldError {
  /** From the body on: `model.provider`, `filters.0.op`. */
  path: string;
  message: string;
}

/**
 * A refusal with a name: becomes an RFC 9457 answer over HTTP and a problem over a socket.
 * `detail` is a sentence that says what to do and never repeats a secret.
 */
export class ProblemError extends Error {
  constructor(
    readonly status: number,
    readonly code: ProblemCode,
    detail: string,
    readonly extra: { errors?: FieldError[]; retryAfterS?: number } = {},
  ) {
    super(detail);
    this.name = 'ProblemError';
  }
}

export const invalid = (path: string, message: string): ProblemError =>
  new ProblemError(400, ProblemCode.invalidRequest, `${path}: ${message}`, { errors: [{ path, message }] });
export const unauthenticated = (detail: string): ProblemError =>
  new ProblemError(401, ProblemCode.unauthenticated, detail);
export const forbidden = (detail: string): ProblemError => new ProblemError(403, ProblemCode.forbidden, detail);
/** Unknown, or not the caller's: the two are never told apart. */
export const notFound = (what: string): ProblemError =>
  new ProblemError(404, ProblemCode.notFound, `There is no such ${what}, or it is not yours.`);
export const conflict = (code: ProblemCode, detail: string): ProblemError => new ProblemError(409, code, detail);
export const unavailable = (code: ProblemCode, detail: string, retryAfterS = 5): ProblemError =>
  new ProblemError(503, code, detail, { retryAfterS });
