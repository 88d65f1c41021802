import type { NestExpressApplication } from '@nestjs/platform-express';
import { RelayConfig } from '../../config/config.js';
import { RelaySocketAdapter } from '../sockets/relay-socket.adapter.js';

/** Everything of HTTP that is not a controller's: prefix, headers, body, sockets. */
export function configureHttp(app: NestExpressApplication): void {
  const config = app.get(RelayConfig);
  app.setGlobalPrefix('api', { exclude: ['health/live', 'health/ready', 'metrics'] });
  app.set('trust proxy', [...config.trustedProxies]);
  app.useBodyParser('json', { limit: config.requestBodyBytes });
  app.useWebSocketAdapter(new RelaySocketAdapter(app));
}
