import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';

/** A caller's id is kept, so that its log and ours can be joined, unless it could forge lines or flood the log. */
const ACCEPTABLE_ID = /^[\w.:-]{1,128}$/;

/** First of all, so that every answer and log line carries the id. */
export function assignRequestId(request: Request, response: Response, next: NextFunction): void {
  const given = request.get('x-request-id');
  request.id = given !== undefined && ACCEPTABLE_ID.test(given) ? given : randomUUID();
  response.setHeader('x-request-id', String(request.id));
  next();
}
