import type { INestApplication } from '@nestjs/common';
import { RelayLogger } from './platform/observability/relay-logger.js';

/** A stop that hangs is cut off here: an operator was promised five seconds. */
const DEADLINE_MS = 4_500;

/**
 * Ends the process in order on SIGTERM or SIGINT. Nest's own hook would raise the signal again, which ends the process with a
 * failure although all went well.
 */
export function stopOnSignal(app: INestApplication): void {
  let isStopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (isStopping) return;
    isStopping = true;
    const logger = app.get(RelayLogger);
    logger.log(`Stopping on ${signal}`);
    setTimeout(() => {
      logger.error('The relay did not stop in time; ending it as it is');
      process.exit(1);
    }, DEADLINE_MS).unref();
    app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error(error, 'The relay stopped with an error');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}
