import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileLibs, type CompiledLibs } from '@pizzapi/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ESCAPE_ATTEMPTS, type Told } from '../testing/escape-attempts.js';
import { EscapeBed } from '../testing/escape-bed.js';
import { checkSandbox } from './check/enforceable.js';

const check = await checkSandbox({ mode: 'full' });
let libs: CompiledLibs;
let bed: EscapeBed;

beforeAll(async () => {
  libs = await compileLibs('sandbox');
  const entry = (name: string): string => join(libs.folder, 'sandbox', name, 'main.js');
  bed = await EscapeBed.open({ launcher: entry('launch'), helper: entry('helper') });
});
afterAll(async () => {
  await bed[Symbol.asyncDispose]();
  await libs[Symbol.asyncDispose]();
});

describe.each(['none', 'basic', 'full'] as const)('in mode %s', (mode) => {
  // Where this machine cannot keep a wall, there is none to be tried.
  it
    .skipIf(mode !== 'none' && !check.isEnforceable)
    .each(ESCAPE_ATTEMPTS.filter(({ needsRoot }) => !needsRoot || process.geteuid?.() === 0))(
    'whoever tries to $title',
    async ({ attempt, failsIn }) => {
      expect(await attempt(bed, mode)).toBe(!failsIn.includes(mode));
    },
  );
});

const WORDS: Record<Told, string> = {
  always: 'always',
  complaint: 'if it complains',
  ended: 'ends it',
  no: 'no',
};

it('is what the documentation says', () => {
  const page = readFileSync(fileURLToPath(new URL('../../../docs/sandbox.md', import.meta.url)), 'utf8');
  const rows = [...page.matchAll(/^\| (.+?) +\| (works|fails) +\| (works|fails) +\| (works|fails) +\| (.+?) +\|$/gm)];
  const table = ESCAPE_ATTEMPTS.map(({ title, failsIn, told }) => [
    title,
    ...(['none', 'basic', 'full'] as const).map((mode) => (failsIn.includes(mode) ? 'fails' : 'works')),
    WORDS[told],
  ]);
  expect(rows.map(([, ...cells]) => cells)).toEqual(table);
});
