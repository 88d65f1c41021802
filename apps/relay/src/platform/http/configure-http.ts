import type { INestApplication } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ProblemCode } from '@pizzapi/protocol';
import type { NextFunction, Request, Response } from 'express';
import { RelayConfig } from '../../config/config.js';
import { RelaySocketAdapter } from '../sockets/relay-socket.adapter.js';
import { assignRequestId } from './assign-request-id.js';
import { checkOrigin } from './check-origin.js';
import { serveDocs } from './docs/serve-docs.js';
import { parseBody } from './parse-body.js';
import { sendProblem } from './problem.filter.js';
import { securityHeaders } from './security-headers.js';
import { serveConsole } from './serve-console.js';

/** What Nest answers outside `/api`. */
const OUTSIDE_API = ['health/live', 'health/ready', 'metrics'];

export function setPrefix(app: INestApplication): void {
  app.setGlobalPrefix('api', { exclude: OUTSIDE_API });
}

/** Everything of HTTP that is not a controller's. Call before `init`. */
export function configureHttp(app: NestExpressApplication): void {
  const config = app.get(RelayConfig);
  setPrefix(app);
  app.set('trust proxy', [...config.trustedProxies]);
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(assignRequestId, securityHeaders(config));
  serveDocs(app);
  app.use('/api', checkOrigin(config), noStore, parseBody(config.requestBodyBytes));
  app.useWebSocketAdapter(new RelaySocketAdapter(app));
}

/** The console, and the 404 behind everything. Call after `init`, so that it comes last. */
export function servePages(app: NestExpressApplication): void {
  const { consoleDir } = app.get(RelayConfig);
  if (consoleDir !== null) app.use(serveConsole(consoleDir));
  app.use((request: Request, response: Response) => {
    sendProblem(request, response, {
      status: 404,
      code: ProblemCode.notFound,
      detail: `There is nothing at ${request.path}.`,
    });
  });
}

/** Answers of the API are someone's own. */
function noStore(_request: Request, response: Response, next: NextFunction): void {
  response.setHeader('cache-control', 'no-store');
  next();
}
