import { STATUS_CODES } from 'node:http';
import type { Problem } from './problem.js';

/** RFC 9457. */
export function problemBody({ status, code, detail, errors }: Problem, requestId: string): string {
  return JSON.stringify({
    type: `urn:pizzapi:problem:${code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail,
    code,
    requestId,
    ...(errors ? { errors } : {}),
  });
}

export function problemHeaders({ status, retryAfterS }: Problem): Record<string, string> {
  const isPassing = status === 429 || status === 503;
  return {
    'content-type': 'application/problem+json; charset=utf-8',
    'cache-control': 'no-store',
    ...(retryAfterS !== undefined || isPassing ? { 'retry-after': String(retryAfterS ?? 1) } : {}),
  };
}
