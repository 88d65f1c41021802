import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readHere } from './read-here.js';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'pizzapi-read-'))));
afterEach(() => rmSync(folder, { recursive: true }));

it('reads the beginning of a file', async () => {
  const path = join(folder, 'file');
  writeFileSync(path, 'beginning and end');
  expect((await readHere(path, 9)).toString()).toBe('beginning');
  expect((await readHere(path, 100)).toString()).toBe('beginning and end');
});

it('refuses a pipe, for which nobody writes, and a device that has no end', async () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  await expect(readHere(pipe, 10)).rejects.toThrow('no regular file');
  await expect(readHere('/dev/zero', 10)).rejects.toThrow('no regular file');
});
