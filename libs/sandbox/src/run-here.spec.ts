import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runHere } from './run-here.js';

let home: string;
beforeEach(() => void (home = mkdtempSync(join(tmpdir(), 'run-here-'))));
afterEach(() => rmSync(home, { recursive: true }));

it.each(['', '0', '1'])('a shell reads what it is given, and no start file (SHLVL %j)', async (level) => {
  writeFileSync(join(home, '.bashrc'), 'echo from the start file\n');
  const chunks: Buffer[] = [];
  const order = {
    program: '/bin/bash',
    args: ['-c', 'cat'],
    cwd: home,
    env: { HOME: home, SHLVL: level },
    timeoutMs: null,
  };
  const end = await runHere(
    { ...order, limit: 1_000 },
    { onOutput: (chunk) => chunks.push(chunk), signal: undefined, onRefusal: () => undefined },
    Buffer.from('given'),
  );
  expect(end).toMatchObject({ code: 0, end: 'exit' });
  expect(Buffer.concat(chunks).toString()).toBe('given');
});
