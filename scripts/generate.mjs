#!/usr/bin/env node
// `npm run generate`: the OpenAPI document from the relay's controllers, the client of libs/api-client from the document.
import { helpIsAsked } from './cli/help.mjs';
import { GENERATE } from './cli/usages.mjs';
import { ensureBuild } from './setup/build.mjs';
import { runMain } from './setup/failure.mjs';
import { step } from './setup/log.mjs';
import { generate } from './setup/generate.mjs';

await runMain(async () => {
  if (helpIsAsked(GENERATE)) return;
  await ensureBuild({ only: ['relay'] });
  await step('Generating docs/openapi.json and libs/api-client/src/generated', generate);
});
