import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { ProblemCode } from '@pizzapi/protocol';
import type { RelayConfig } from '../../config/config.js';
import { isOwnOrigin } from './origin.js';
import { ProblemError } from './problem.error.js';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses what a foreign page sends with the browser's cookie. A key in a header is proof enough: no foreign page can set one.
 */
export function checkOrigin(config: RelayConfig): RequestHandler {
  return (request: Request, _response: Response, next: NextFunction) => {
    if (SAFE_METHODS.has(request.method) || request.get('x-api-key') !== undefined) return next();
    const origin = request.get('origin');
    const isOurs = origin === undefined ? request.get('cookie') === undefined : isOwnOrigin(origin, config);
    if (isOurs) return next();
    const given = origin === undefined ? 'without an Origin' : 'from another origin';
    next(
      new ProblemError(
        403,
        ProblemCode.originRefused,
        `This request came ${given}; open the console at ${config.publicUrl}, or set PIZZAPI_PUBLIC_URL to the address you use.`,
      ),
    );
  };
}
