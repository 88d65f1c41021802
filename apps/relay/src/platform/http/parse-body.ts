import express, { type RequestHandler } from 'express';
import { ProblemCode } from '@pizzapi/protocol';
import { ProblemError } from './problem.error.js';
import { toProblem } from './problem.js';

/** Much of what has to do with a value calls itself for each level: writing it as JSON again, for one. */
const MAX_DEPTH = 200;

/** Parses JSON bodies up to the configured size. Other media types stay unread, which keeps forms of foreign pages out. */
export function parseBody(maxBytes: number): RequestHandler {
  const parse = express.json({ limit: maxBytes });
  return (request, response, next) => {
    parse(request, response, (error: unknown) => {
      if (error === undefined || error === null)
        return next(isDeeperThan(MAX_DEPTH, request.body) ? tooDeep() : undefined);
      const { status, code, detail } = toProblem(error);
      // The parser's other failures (an aborted upload, a wrong length) are the caller's too.
      next(
        status < 500
          ? new ProblemError(status, code, detail)
          : new ProblemError(400, ProblemCode.invalidRequest, 'The body could not be read.'),
      );
    });
  };
}

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  for (const inner of Array.isArray(value) ? value : Object.values(value))
    if (isDeeperThan(levels - 1, inner)) return true;
  return false;
}

function tooDeep(): ProblemError {
  return new ProblemError(
    400,
    ProblemCode.invalidRequest,
    `The body has objects or lists within one another to more than ${MAX_DEPTH} levels; send a flatter one.`,
  );
}
