import type { ErrorKind } from '@pizzapi/plugins';

/** Anthropic's own words, also in the middle of a stream. */
const NAMES: ReadonlyMap<string, ErrorKind> = new Map([
  ['rate_limit_error', 'rate_limit'],
  ['overloaded_error', 'overloaded'],
  ['authentication_error', 'authentication_failed'],
  ['permission_error', 'authentication_failed'],
  ['billing_error', 'billing_error'],
  ['invalid_request_error', 'invalid_request'],
  ['not_found_error', 'model_not_found'],
  ['api_error', 'server_error'],
]);
const STATUSES: ReadonlyMap<number, ErrorKind> = new Map([
  [400, 'invalid_request'],
  [401, 'authentication_failed'],
  [402, 'billing_error'],
  [403, 'authentication_failed'],
  [404, 'model_not_found'],
  [413, 'invalid_request'],
  [422, 'invalid_request'],
  [429, 'rate_limit'],
  [529, 'overloaded'],
]);
/** Where clients of providers say the status: first of all. */
const STATUS = /^(?:[A-Za-z]*error:?\s+)?(?:code\s+|status(?:\s+code)?\s+)?\(?([45]\d\d)\b/i;

/** Why a model did not answer, in Claude Code's words. */
export function errorKind(said: string): ErrorKind {
  for (const [name, kind] of NAMES) if (said.includes(`"${name}"`)) return kind;
  const [, status] = STATUS.exec(said.trim()) ?? [];
  if (status === undefined) return 'unknown';
  return STATUSES.get(Number(status)) ?? (Number(status) >= 500 ? 'server_error' : 'unknown');
}
