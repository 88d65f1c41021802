import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.mjs';
import { built, nodeBinary, root, toolEnvironment } from './paths.mjs';
import { mustRun } from './run-command.mjs';

/** What `generate` writes, relative to the repository. */
export const generated = ['docs/openapi.json', 'libs/api-client/src/generated'];

/**
 * Needs a build of the relay.
 * @param {string} [base] the folder below which they are written as below the repository
 */
export async function generate(base = root) {
  if (!existsSync(built.openapi)) throw new Failure('There is no build of the relay. Run: npm run build');
  const env = toolEnvironment();
  const document = join(base, 'docs/openapi.json');
  const client = join(base, 'libs/api-client/src/generated');
  mkdirSync(join(base, 'docs'), { recursive: true });
  await mustRun(nodeBinary(), [built.openapi, document], {
    env,
    failure: 'The OpenAPI document could not be written.',
  });
  await mustRun(
    nodeBinary(),
    [
      join(root, 'node_modules/@hey-api/openapi-ts/bin/run.js'),
      ...['--input', document, '--output', client, '--client', '@hey-api/client-fetch'],
    ],
    { env, failure: 'The client could not be generated from docs/openapi.json.' },
  );
  nameNoRegistry(client);
}

/** The generator's comments link to packages on a registry; the package's name says enough. @param {string} client */
function nameNoRegistry(client) {
  const file = join(client, 'client/types.gen.ts');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replaceAll(/\{@link https:\S+ (`[^`]+`)\}/g, '$1'));
}
