import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Params } from 'nestjs-pino';
import type { RelayConfig } from '../../config/config.js';

/** Of this form Nest adds the routes outside of the prefix, once; by nestjs-pino's default they come twice. */
const EVERYWHERE = '/{*path}';

const SECRETS = ['password', 'token', 'apiKey', 'key', 'secret', 'setupCode', 'invitation'];

/** One JSON line per request and event on stdout. Secrets never reach a log call; `redact` is the second net. */
export function loggingOptions(config: RelayConfig): Params {
  return {
    forRoutes: [EVERYWHERE],
    pinoHttp: {
      level: config.logLevel,
      // Assigned before anything else looks at the request.
      genReqId: (request) => request.id,
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
      // A request's logger has its id and nothing else. `quietReqLogger` says the same by making a second logger out of the first, and V8 keeps
      // what something else was made from, with all that hangs on it, until a collection of the whole heap.
      customAttributeKeys: { req: 'requestId' },
      wrapSerializers: false,
      serializers: { requestId: ({ id }: IncomingMessage) => id, req: briefRequest, res: briefResponse },
      customSuccessObject: (req, _response, result: object) => ({ req, ...result }),
      customErrorObject: (req, _response, _error, result: object) => ({ req, ...result }),
      customLogLevel: (_request, response, error) => (error || response.statusCode >= 500 ? 'error' : 'debug'),
    },
  };
}

function briefRequest(request: IncomingMessage & { originalUrl?: string }): object {
  return {
    method: request.method,
    url: request.originalUrl ?? request.url,
    remoteAddress: request.socket.remoteAddress,
  };
}

function briefResponse({ statusCode }: ServerResponse): object {
  return { statusCode };
}
