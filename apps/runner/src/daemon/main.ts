import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { ConfigError } from '../config/config-error.js';
import { EXIT_CONFIG } from '../config/exit-code.js';
import { loadRunnerConfig } from '../config/runner-config.js';
import { createLogger } from '../logging/logger.js';
import { NestLogger } from '../logging/nest-logger.js';
import { DaemonModule } from './daemon.module.js';

const logger = createLogger('daemon');

try {
  const daemon = DaemonModule.forRoot(loadRunnerConfig(), logger);
  const app = await NestFactory.createApplicationContext(daemon, {
    logger: new NestLogger(logger),
    abortOnError: false,
  });
  let isClosing = false;
  const close = async (): Promise<void> => {
    if (isClosing) return; // Ctrl+C reaches this process twice: from the terminal and from the supervisor
    isClosing = true;
    try {
      await app.close();
    } catch (error) {
      logger.error({ err: error }, 'the daemon did not end well; its supervisor ends what is left');
      process.exit(1);
    }
    process.exit(0);
  };
  process.on('SIGTERM', () => void close());
  process.on('SIGINT', () => void close());

  // The supervisor holds the other end of stdin: when that ends without a signal before, the supervisor was killed. The workers go
  // on, for the next daemon to adopt.
  process.stdin.on('end', () => {
    if (isClosing) return;
    logger.warn('the supervisor is gone; leaving the workers to the next daemon');
    process.exit(0);
  });
  process.stdin.resume();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  logger.fatal(error.message);
  process.exit(EXIT_CONFIG);
}
