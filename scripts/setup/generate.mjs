import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.mjs';
import { built, nodeBinary, root, toolEnvironment } from './paths.mjs';
import { mustRun } from './run-command.mjs';

/** What `generate` writes, relative to the repository. */
export const generated = ['docs/openapi.json', 'libs/api-client/src/generated'];

/** Needs a build of the relay. */
export async function generate() {
  if (!existsSync(built.openapi)) throw new Failure('There is no build of the relay. Run: npm run build');
  const env = toolEnvironment();
  await mustRun(nodeBinary(), [built.openapi], { env, failure: 'The OpenAPI document could not be written.' });
  await mustRun(
    nodeBinary(),
    [
      join(root, 'node_modules/@hey-api/openapi-ts/bin/run.js'),
      ...[
        '--input',
        './docs/openapi.json',
        '--output',
        'libs/api-client/src/generated',
        '--client',
        '@hey-api/client-fetch',
      ],
    ],
    { env, failure: 'The client could not be generated from docs/openapi.json.' },
  );
  nameNoRegistry();
}

/** The generator's comments link to packages on a registry; the package's name says enough. */
function nameNoRegistry() {
  const file = join(root, 'libs/api-client/src/generated/client/types.gen.ts');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replaceAll(/\{@link https:\S+ (`[^`]+`)\}/g, '$1'));
}
