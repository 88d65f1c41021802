import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';
import { setPrefix } from './platform/http/configure-http.js';
import { openApiDocument } from './platform/http/docs/document.js';

/** Writes the OpenAPI document to the file named on the command line. Nest's preview mode makes no provider, so nothing is started. */
const [, , file = 'docs/openapi.json'] = process.argv;
const app = await NestFactory.create(AppModule, { preview: true, logger: ['error'], abortOnError: false });
setPrefix(app);
writeFileSync(file, `${JSON.stringify(openApiDocument(app), null, 2)}\n`);
