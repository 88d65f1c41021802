import type { RelayAddress } from './relay-address.js';
import { TriggerNotFiredError, type FieldError } from './trigger-error.js';

const ANSWER_TIMEOUT_MS = 15_000;
/** The relay is away, restarting or busy; 401 while the runner fetches a new key. The request may be sent again as it is. */
const PASSING = new Set([401, 408, 425, 429, 500, 502, 503, 504]);

/** What became of a trigger so far. */
export interface FiredTrigger {
  triggerId: string;
  /** How many subscriptions and listeners want it. */
  subscriptions: number;
  listeners: number;
}

export type Answer =
  { fired: FiredTrigger } | { error: TriggerNotFiredError; isWorthRepeating: boolean; retryAfterMs?: number };

/** One attempt. */
export async function askRelay(address: RelayAddress, body: string, idempotencyKey: string): Promise<Answer> {
  const { relayUrl, runnerId, apiKey } = address;
  let response: Response;
  let content: unknown;
  try {
    response = await fetch(`${relayUrl}/api/runners/${runnerId}/trigger-broadcast`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': apiKey, 'idempotency-key': idempotencyKey },
      body,
      redirect: 'error', // a key is not carried to another address
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    });
    content = await response.json().catch(() => undefined);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `The relay ${relayUrl} cannot be reached (${reason}).`;
    return {
      error: new TriggerNotFiredError('relay_unreachable', message, null, [], { cause }),
      isWorthRepeating: true,
    };
  }
  return response.ok ? acceptedAs(content, relayUrl) : refusedAs(response, content);
}

function acceptedAs(content: unknown, relayUrl: string): Answer {
  const [triggerId, subscriptions, listeners] = ['triggerId', 'subscriptions', 'listeners'].map((name) =>
    fieldOf(content, name),
  );
  if (typeof triggerId === 'string' && typeof subscriptions === 'number' && typeof listeners === 'number')
    return { fired: { triggerId, subscriptions, listeners } };
  const message = `${relayUrl} answered something that a PizzaPi relay does not; check PIZZAPI_RELAY_URL.`;
  return { error: new TriggerNotFiredError('relay_unreachable', message), isWorthRepeating: false };
}

function refusedAs({ status, headers }: Response, content: unknown): Answer {
  const code = fieldOf(content, 'code');
  const detail = fieldOf(content, 'detail');
  const error = new TriggerNotFiredError(
    status === 401 ? 'no_api_key' : typeof code === 'string' ? code : 'relay_unreachable',
    typeof detail === 'string' ? detail : `The relay answered ${status}.`,
    status,
    fieldErrorsIn(fieldOf(content, 'errors')),
  );
  const retryAfterS = Number(headers.get('retry-after') ?? NaN);
  const isWorthRepeating = PASSING.has(status);
  return Number.isFinite(retryAfterS)
    ? { error, isWorthRepeating, retryAfterMs: retryAfterS * 1_000 }
    : { error, isWorthRepeating };
}

function fieldErrorsIn(errors: unknown): FieldError[] {
  if (!Array.isArray(errors)) return [];
  return errors.flatMap((entry: unknown) => {
    const [path, message] = [fieldOf(entry, 'path'), fieldOf(entry, 'message')];
    return typeof path === 'string' && typeof message === 'string' ? [{ path, message }] : [];
  });
}

function fieldOf(value: unknown, name: string): unknown {
  return value instanceof Object ? Reflect.get(value, name) : undefined;
}
