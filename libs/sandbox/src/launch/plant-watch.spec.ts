import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type SandboxPolicy, sandboxPolicy } from '../policy/policy.js';
import { PlantWatch } from './plant-watch.js';

let folder: string;
let planted: string[];
let policy: SandboxPolicy;
let watch: PlantWatch;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pizzapi-plants-'));
  planted = [];
  const none = { userHome: folder, home: folder, temp: folder, sessionTemps: folder, sharedTemp: folder };
  policy = sandboxPolicy([], { cwd: folder, ...none, hidden: [], readable: [], ownPrograms: [] });
  watch = new PlantWatch({ ...policy, absent: [join(folder, 'commondir')] }, (path) => planted.push(path));
});
afterEach(() => {
  watch.close();
  rmSync(folder, { recursive: true });
});
const path = (): string => join(folder, 'commondir');

it('what must not be there is gone as soon as it is seen, and told', async () => {
  writeFileSync(path(), '../elsewhere');
  await expect.poll(() => planted).toEqual([path()]);
  expect(existsSync(path())).toBe(false);
});

it('also a link to nowhere, and what was made last', () => {
  symlinkSync('/nowhere', path());
  watch.check();
  watch.check();
  expect(planted).toEqual([path()]);
  writeFileSync(path(), 'x');
  watch.close();
  expect(existsSync(path())).toBe(false);
});

it('a folder that became a file holds nothing, and what looks at it goes on', () => {
  rmSync(folder, { recursive: true });
  writeFileSync(folder, '');
  watch.check();
  expect(planted).toEqual([]);
});

it.runIf(process.platform === 'linux')('what cannot be removed is told as that', () => {
  const told: [string, boolean][] = [];
  const unremovable = new PlantWatch({ ...policy, absent: ['/proc/version'] }, (...news) => told.push(news));
  unremovable.check();
  expect(told).toEqual([['/proc/version', false]]);
  unremovable.close();
});

it('what else is made beside it stays', () => {
  writeFileSync(join(folder, 'index.lock'), '');
  watch.check();
  expect([planted, existsSync(join(folder, 'index.lock'))]).toEqual([[], true]);
});
