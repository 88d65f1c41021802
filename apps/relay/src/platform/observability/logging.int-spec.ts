import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { LoggerModule } from 'nestjs-pino';
import { expect, it } from 'vitest';
import { loadConfig } from '../../config/load-config.js';
import { assignRequestId } from '../http/assign-request-id.js';
import { setPrefix } from '../http/configure-http.js';
import { loggingOptions } from './logging.js';
import { MetricsController } from './metrics.controller.js';

@Controller()
class SomeController {
  @Get('things')
  things(): string {
    return 'things';
  }

  @Get('health/live')
  live(): string {
    return 'live';
  }
}

it('logs each request once, below /api and outside', async () => {
  const log = new PassThrough();
  const { pinoHttp, ...options } = loggingOptions(loadConfig({ PIZZAPI_LOG_LEVEL: 'debug' }));
  @Module({
    imports: [LoggerModule.forRoot({ ...options, pinoHttp: { ...pinoHttp, stream: log } })],
    controllers: [SomeController, MetricsController],
  })
  class SomeModule {}
  const app = await NestFactory.create<NestExpressApplication>(SomeModule, { logger: false });
  setPrefix(app);
  app.use(assignRequestId);
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const paths = ['/api/things?x=1', '/api/nothing', '/health/live', '/metrics', '/api/things'];
  for (const path of paths) await (await fetch(url + path)).text();
  await app.close();
  log.end();
  let lines = '';
  log.on('data', (bytes) => (lines += String(bytes)));
  await once(log, 'end');
  const urls = lines
    .split('\n')
    .filter((line) => line.includes('request completed'))
    .map((line) => /"url":"([^"]*)"/.exec(line)?.[1]);
  expect(urls).toEqual(paths);
});
