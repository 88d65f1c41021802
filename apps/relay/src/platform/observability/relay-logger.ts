import { Logger } from 'nestjs-pino';

/** What Nest tells of its own start: a line for every module and route. */
const CHATTER = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'WebSocketsController',
  'NestApplication',
]);

/** An address that cannot be listened on ends the process, which says so itself. */
const FAILED_START = /^Error: listen E/;

/** Nest's own log through pino, its chatter at `debug`. */
export class RelayLogger extends Logger {
  override log(message: unknown, ...params: unknown[]): void {
    if (typeof message === 'string' && CHATTER.has(String(params.at(-1)))) this.debug(message, ...params);
    else super.log(message, ...params);
  }

  override error(message: unknown, ...params: unknown[]): void {
    if (typeof message === 'string' && FAILED_START.test(message)) this.debug(message, ...params);
    else super.error(message, ...params);
  }
}
