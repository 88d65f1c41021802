import type { INestApplication } from '@nestjs/common';
import { RelayConfig } from '../config/config.js';
import { RelayLogger } from '../platform/observability/relay-logger.js';

/** A stop that hangs is cut off here: an operator was promised five seconds. */
const DEADLINE_MS = 4_500;
/** Beside the time that tunnels were given, which may be more. */
const REST_MS = 1_500;

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
    const deadlineMs = Math.max(DEADLINE_MS, app.get(RelayConfig).tunnelDrainMs + REST_MS);
    logger.log(`Stopping on ${signal}`);
    setTimeout(() => {
      logger.error('The relay did not stop in time; ending it as it is');
      process.exit(1);
    }, deadlineMs).unref();
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
