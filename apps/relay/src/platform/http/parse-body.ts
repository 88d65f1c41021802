import type { IncomingMessage } from 'node:http';
import express, { type Request, type RequestHandler } from 'express';
import { ProblemCode } from '@pizzapi/protocol';
import { hasLongDigits, inexactIntegers } from './inexact-integers.js';
import { invalid, ProblemError } from './problem.error.js';
import { toProblem } from './problem.js';

/** Much of what has to do with a value calls itself for each level: writing it as JSON again, for one. */
const MAX_DEPTH = 200;

/** Stands where a body is that is no JSON, for whoever wants one: what is not read must not pass for an object without fields. */
export class NoJsonBody {
  constructor(readonly problem: ProblemError) {}

  /** It says nothing. */
  toJSON(): null {
    return null;
  }
}

/** Parses JSON bodies up to the configured size. Other media types stay unread, which keeps forms of foreign pages out. */
export function parseBody(maxBytes: number): RequestHandler {
  /** Of a body without a byte the parser makes an object without fields. */
  const empty = new WeakSet<IncomingMessage>();
  /** Bodies that may hold numbers which cannot be kept as they are. */
  const suspects = new WeakMap<IncomingMessage, Buffer>();
  const verify = (request: IncomingMessage, _: unknown, bytes: Buffer, charset: string): void => {
    if (bytes.length === 0) empty.add(request);
    // The parser would also read UTF-16 and the like, in which digits are not the bytes that are looked for here.
    else if (charset !== 'utf-8') throw Object.assign(new Error('not UTF-8'), { type: 'charset.unsupported' });
    else if (hasLongDigits(bytes)) suspects.set(request, bytes);
  };
  const parse = express.json({ limit: maxBytes, verify });
  return (request, response, next) => {
    parse(request, response, (error: unknown) => {
      if (error === undefined || error === null)
        return next(refusalOf(request, empty.has(request)) ?? inexactnessOf(request.body, suspects.get(request)));
      if (isJson(bodyIn(error))) return next(noObject());
      const { status, code, detail, errors } = toProblem(error);
      // The parser's other failures (an aborted upload, a wrong length) are the caller's too.
      next(
        status < 500
          ? new ProblemError(status, code, detail, errors && { errors })
          : new ProblemError(400, ProblemCode.invalidRequest, 'The body could not be read.'),
      );
    });
  };
}

/** Why a body is refused that could be read, or was none to read. */
function refusalOf(request: Request, isEmpty: boolean): ProblemError | undefined {
  const body: unknown = isEmpty ? undefined : request.body;
  if (body === undefined && isForm(request)) return noJson();
  if (body === undefined) {
    // What replaces something is to say by what; an action may say nothing.
    if (isThere(request) && !isEmpty) request.body = new NoJsonBody(noJson());
    else if (request.method === 'PUT' || request.method === 'PATCH') request.body = new NoJsonBody(noObject());
    return undefined;
  }
  if (Array.isArray(body)) return noObject();
  return isUnfit(MAX_DEPTH, body) ? whyUnfit(body) : undefined;
}

function isThere(request: Request): boolean {
  return request.get('transfer-encoding') !== undefined || Number(request.get('content-length') ?? 0) > 0;
}

/** What says nothing of itself, or is what programs say by themselves: refused whoever it is for. */
function isForm(request: Request): boolean {
  return (
    isThere(request) && (request.get('content-type') === undefined || request.is(['urlencoded', 'text/*']) !== false)
  );
}

/** The parser takes objects and lists only, and says of any other value that it cannot be parsed. */
function bodyIn(error: unknown): unknown {
  return error instanceof Error && 'body' in error ? error.body : undefined;
}

function isJson(text: unknown): boolean {
  if (typeof text !== 'string') return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false; // is what the parser says
  }
}

function noObject(): ProblemError {
  return new ProblemError(400, ProblemCode.invalidRequest, 'The body has to be a JSON object.');
}

/** What curl sends by itself is a form; its fields would only be said to be missing. */
function noJson(): ProblemError {
  return invalid(
    'content-type',
    'has to be application/json, and of a file multipart/form-data; curl takes it as -H "content-type: application/json"',
  );
}

/** Of every request, so it looks for nothing but whether; where is asked of what is refused. */
function isUnfit(levels: number, value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  for (const inner of Array.isArray(value) ? value : Object.values(value)) if (isUnfit(levels - 1, inner)) return true;
  return false;
}

function whyUnfit(body: unknown): ProblemError {
  // JSON has numbers of any size; those that are too large become infinite when they are read, and null when they are written again.
  const path = pathOf(MAX_DEPTH, body, (number) => !Number.isFinite(number));
  return path === null
    ? tooDeep()
    : invalid(
        path.join('.'),
        `is a number beyond ±${Number.MAX_VALUE}, which would be kept as null; send it as a text`,
      );
}

/** JSON's whole numbers are exact, ours only up to 2^53: an id of 64 bits would become its neighbour without a word. */
function inexactnessOf(body: unknown, json: Buffer | undefined): ProblemError | undefined {
  const inexact = json && inexactIntegers(json);
  if (!inexact || inexact.size === 0) return undefined;
  const path = pathOf(MAX_DEPTH, body, (number) => inexact.has(number));
  if (path === null) return undefined;
  return invalid(
    path.join('.'),
    `is a whole number beyond ±${Number.MAX_SAFE_INTEGER}, which would be kept as another one; send it as a text`,
  );
}

/** Where the first number is that is looked for. */
function pathOf(levels: number, value: unknown, isIt: (number: number) => boolean): string[] | null {
  if (typeof value === 'number') return isIt(value) ? [] : null;
  if (typeof value !== 'object' || value === null || levels === 0) return null;
  for (const [name, inner] of Object.entries(value)) {
    const path = pathOf(levels - 1, inner, isIt);
    if (path) return [name, ...path];
  }
  return null;
}

function tooDeep(): ProblemError {
  return new ProblemError(
    400,
    ProblemCode.invalidRequest,
    `The body has objects or lists within one another to more than ${MAX_DEPTH} levels; send a flatter one.`,
  );
}
