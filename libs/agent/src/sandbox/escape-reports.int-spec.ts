import { join } from 'node:path';
import { checkSandbox } from '@pizzapi/sandbox';
import { compileLibs, type CompiledLibs, waitFor } from '@pizzapi/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ESCAPE_ATTEMPTS, type EscapeAttempt } from '../../../sandbox/testing/escape-attempts.js';
import { EscapeBed } from '../../../sandbox/testing/escape-bed.js';
import { OutputEvidence } from './output-evidence.js';
import type { Violation } from './violation-log.js';

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
beforeEach(() => {
  bed.refusals.length = 0;
  bed.printed.length = 0;
});

const failingIn = (mode: 'basic' | 'full', told: EscapeAttempt['told']): EscapeAttempt[] =>
  ESCAPE_ATTEMPTS.filter(
    (attempt) =>
      attempt.told === told && attempt.failsIn.includes(mode) && (!attempt.needsRoot || process.geteuid?.() === 0),
  );

// Where this machine cannot keep a wall, nothing fails that could be told.
describe.skipIf(!check.isEnforceable).each(['basic', 'full'] as const)('in mode %s', (mode) => {
  it.each(failingIn(mode, 'always'))('the system tells of an attempt to $title', async ({ attempt }) => {
    await attempt(bed, mode);
    await waitFor(() => bed.refusals.length > 0, { description: 'the refusal' });
  });

  it.each(failingIn(mode, 'complaint'))(
    'the words of a program tell of an attempt to $title',
    async ({ title, attempt }) => {
      const sandbox = bed.sandbox(mode);
      if (sandbox === null) throw new Error('there is no wall');
      // Where the machine's processes have low numbers, too: those of a new wall begin at 1.
      if (title.includes('another worker')) sandbox.change(sandbox.policy);
      await attempt(bed, mode);
      const found: Violation[] = [];
      for (const { cwd, output } of bed.printed) {
        const evidence = new OutputEvidence(sandbox, cwd, (violation) => found.push(violation));
        evidence.push(Buffer.from(output));
        await evidence.end();
      }
      expect(found).not.toEqual([]);
    },
  );
});
