import type { ProblemCode } from '@pizzapi/protocol';
import { isRecord } from '../shape';

/** The relay's codes, and the console's own: no answer, an answer that is no problem document, one of an unexpected shape. */
export type ApiProblemCode = ProblemCode | 'network_failed' | 'unreadable_answer' | 'unexpected_answer';

export interface FieldProblem {
  path: string;
  message: string;
}

interface ProblemFields {
  status: number;
  code: string;
  detail: string;
  fields?: readonly FieldProblem[];
  requestId?: string | undefined;
  retryAfterMs?: number | undefined;
}

/** A refused or failed call: RFC 9457 problem details, typed. `message` is a sentence that can be shown as it is. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  /** 0 when no answer came. */
  readonly status: number;
  readonly code: string;
  readonly fields: readonly FieldProblem[];
  readonly requestId: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(problem: ProblemFields) {
    super(problem.detail);
    this.status = problem.status;
    this.code = problem.code;
    this.fields = problem.fields ?? [];
    this.requestId = problem.requestId;
    this.retryAfterMs = problem.retryAfterMs;
  }

  is(code: ApiProblemCode): boolean {
    return this.code === code;
  }

  /** The message for one field of the request, as in `errors: [{path, message}]`. */
  field(path: string): string | undefined {
    return this.fields.find((field) => field.path === path || field.path === `/${path}`)?.message;
  }
}

/** Anything thrown, as a problem: what is not one already is a bug of the console and says so. */
export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new ApiProblem({ status: 0, code: 'console_error', detail: `The console made a mistake: ${detail}` });
}

/** The relay no longer takes the cursor of a page, as after an upgrade: the list has to be read from its start. */
export function isRefusedCursor(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 400;
}

export function networkProblem(): ApiProblem {
  return new ApiProblem({
    status: 0,
    code: 'network_failed',
    detail: 'The relay did not answer. Check that it runs and that this device is connected, then retry.',
  });
}

/** For what the relay answered: refuses what this console was not built for, instead of failing on it somewhere later. */
export function expected<T>(body: unknown, fits: (body: unknown) => body is T): T {
  if (fits(body)) return body;
  throw unexpectedAnswer();
}

function unexpectedAnswer(): ApiProblem {
  return new ApiProblem({
    status: 200,
    code: 'unexpected_answer',
    detail: 'The relay’s answer is not what this console expects: one of them is older. Reload the page.',
  });
}

/** Words for people, where the relay's are meant for authors of scripts. */
const PLAIN_WORDS = new Map([['unauthenticated', 'You are signed out. Sign in again, then retry.']]);

/** The body of an answer, for those who ask without the generated client. */
export function jsonOf(text: string): unknown {
  try {
    const json: unknown = JSON.parse(text);
    return json;
  } catch {
    // A proxy in between answers in HTML: the status says it.
    return null;
  }
}

/** Reads a refusal. Every field is checked: a proxy in between may answer in HTML. */
export function parseProblem(response: Response, body: unknown): ApiProblem {
  const fields = isRecord(body) ? body : {};
  const retryAfter = Number(response.headers.get('retry-after'));
  const code = text(fields['code']) ?? 'unreadable_answer';
  return new ApiProblem({
    status: response.status,
    code,
    detail:
      PLAIN_WORDS.get(code) ??
      text(fields['detail']) ??
      text(fields['title']) ??
      `The relay answered with status ${response.status}.`,
    fields: fieldProblems(fields['errors']),
    requestId: text(fields['requestId']),
    retryAfterMs: retryAfter > 0 ? retryAfter * 1000 : undefined,
  });
}

function fieldProblems(value: unknown): FieldProblem[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown) => {
    if (!isRecord(item)) return [];
    const path = text(item['path']);
    const message = text(item['message']);
    return path !== undefined && message !== undefined ? [{ path, message }] : [];
  });
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
