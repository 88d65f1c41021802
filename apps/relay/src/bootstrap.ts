import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { bindLeanly } from '@pizzapi/tunnel';
import { AppModule } from './app.module.js';
import { RelayConfig } from './config/config.js';
import { KeysVersion } from './modules/auth/index.js';
import { configureHttp, servePages } from './platform/http/configure-http.js';
import { FrontDoor } from './platform/http/door/front-door.js';
import { RelayHttpAdapter } from './platform/http/door/relay-http-adapter.js';
import { RelayLogger } from './platform/observability/relay-logger.js';
import { exitSentence } from './process/exit-sentence.js';
import { stopOnSignal } from './process/stop-on-signal.js';

/** Starts the relay; on what an operator can mend, says so in one line and ends the process. */
export async function bootstrap(): Promise<void> {
  bindLeanly();
  try {
    const app = await createRelay();
    stopOnSignal(app);
    const { host, port, publicUrl } = app.get(RelayConfig);
    await app.listen(port, host);
    app.get(RelayLogger).log({ msg: `Relay ready at ${publicUrl}`, readyMs: Math.round(performance.now()) });
  } catch (error) {
    const sentence = exitSentence(error);
    if (sentence === null) console.error(error);
    else console.error(sentence);
    process.exit(1);
  }
}

/** The relay, wired and configured, not yet listening. */
export async function createRelay(): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule, new RelayHttpAdapter(), {
    abortOnError: false,
    bodyParser: false,
    // Until our own is there Nest would tell of a failed start in its colours; `bootstrap` says it in a line.
    logger: false,
  });
  app.useLogger(app.get(RelayLogger));
  // Before everything that takes time.
  app.use('/api', app.get(KeysVersion).askEarly);
  configureHttp(app);
  await app.init();
  servePages(app);
  app.get(FrontDoor).open(app.getHttpServer(), app.getHttpAdapter().getInstance());
  return app;
}
