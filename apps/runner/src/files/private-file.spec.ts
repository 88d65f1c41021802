import fs, { mkdtempSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writePrivateFile } from './private-file.js';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'pizzapi-private-'))));
afterEach(() => rmSync(folder, { recursive: true }));

it('writes what only its owner reads, and makes its folder', () => {
  const path = join(folder, 'deep', 'file');
  writePrivateFile(path, 'one');
  writePrivateFile(path, 'two');
  expect(readFileSync(path, 'utf8')).toBe('two');
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it.skipIf(process.platform !== 'linux')('has the name on the disk, too, once it returns', () => {
  const path = join(folder, 'file');
  const { fsyncSync } = fs;
  const synced: string[] = [];
  fs.fsyncSync = (descriptor) => {
    const isNamed = fs.existsSync(path) ? 'named' : 'unnamed';
    synced.push(`${basename(readlinkSync(`/proc/self/fd/${descriptor}`))}, ${isNamed}`);
    fsyncSync(descriptor);
  };
  syncBuiltinESMExports();
  try {
    writePrivateFile(path, 'one');
  } finally {
    fs.fsyncSync = fsyncSync;
    syncBuiltinESMExports();
  }
  expect(synced.at(-1)).toBe(`${basename(folder)}, named`);
});
