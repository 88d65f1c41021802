#!/usr/bin/env node
// `npm run generate`: the OpenAPI document from the relay's controllers, the client of libs/api-client from the document.
import { ensureBuild } from './setup/build.mjs';
import { runMain } from './setup/failure.mjs';
import { step } from './setup/log.mjs';
import { generate } from './setup/generate.mjs';

await runMain(async () => {
  await ensureBuild({ only: ['relay'] });
  await step('Generating docs/openapi.json and libs/api-client/src/generated', generate);
});
