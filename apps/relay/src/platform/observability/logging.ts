import type { Params } from 'nestjs-pino';
import type { RelayConfig } from '../../config/config.js';

const SECRETS = ['password', 'token', 'apiKey', 'key', 'secret', 'setupCode', 'invitation'];

/** One JSON line per request and event on stdout. Secrets never reach a log call; `redact` is the second net. */
export function loggingOptions(config: RelayConfig): Params {
  return {
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
      serializers: { req: briefRequest, res: briefResponse },
      customLogLevel: (_request, response, error) => (error || response.statusCode >= 500 ? 'error' : 'debug'),
      quietReqLogger: true,
      customAttributeKeys: { reqId: 'requestId' },
    },
  };
}

function briefRequest(request: { method: string; url: string; remoteAddress: string }): object {
  return { method: request.method, url: request.url, remoteAddress: request.remoteAddress };
}

function briefResponse(response: { statusCode: number }): object {
  return { statusCode: response.statusCode };
}
