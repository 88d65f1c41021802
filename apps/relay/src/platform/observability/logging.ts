import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Params } from 'nestjs-pino';
import { v7 } from 'uuid';
import type { RelayConfig } from '../../config/config.js';

export const REQUEST_ID_HEADER = 'x-request-id';

/** A caller's id is kept so that its log and ours can be joined, unless it could forge lines or flood the log. */
const ACCEPTABLE_ID = /^[\w.:-]{1,128}$/;

const SECRETS = ['password', 'token', 'apiKey', 'key', 'secret', 'setupCode', 'invitation'];

/** One JSON line per request and event on stdout. Secrets never reach a log call; `redact` is the second net. */
export function loggingOptions(config: RelayConfig): Params {
  return {
    pinoHttp: {
      level: config.logLevel,
      genReqId: requestId,
      redact: {
        paths: [
          'req.headers.cookie',
          'req.headers.authorization',
          'req.headers["x-api-key"]',
          'res.headers["set-cookie"]',
          ...SECRETS.flatMap((name) => [name, `body.${name}`, `req.body.${name}`]),
        ],
        censor: '[secret]',
      },
      serializers: { req: briefRequest, res: briefResponse },
      customLogLevel: (_request, response, error) => (error || response.statusCode >= 500 ? 'error' : 'debug'),
      quietReqLogger: true,
      customAttributeKeys: { reqId: 'requestId' },
    },
  };
}

function requestId(request: IncomingMessage, response: ServerResponse): string {
  const given = request.headers[REQUEST_ID_HEADER];
  const id = typeof given === 'string' && ACCEPTABLE_ID.test(given) ? given : v7();
  response.setHeader(REQUEST_ID_HEADER, id);
  return id;
}

function briefRequest(request: { method: string; url: string; remoteAddress: string }): object {
  return { method: request.method, url: request.url, remoteAddress: request.remoteAddress };
}

function briefResponse(response: { statusCode: number }): object {
  return { statusCode: response.statusCode };
}
