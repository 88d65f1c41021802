import express, { type RequestHandler } from 'express';
import { ProblemCode } from '@pizzapi/protocol';
import { ProblemError } from './problem.error.js';
import { toProblem } from './problem.js';

/** Parses JSON bodies up to the configured size. Other media types stay unread, which keeps forms of foreign pages out. */
export function parseBody(maxBytes: number): RequestHandler {
  const parse = express.json({ limit: maxBytes });
  return (request, response, next) => {
    parse(request, response, (error: unknown) => {
      if (error === undefined || error === null) return next();
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
