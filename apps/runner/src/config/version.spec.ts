import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { RUNNER_VERSION } from './version.js';

it('is the version of the package', () => {
  const manifest = readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8');
  expect(JSON.parse(manifest)).toMatchObject({ version: RUNNER_VERSION });
});
