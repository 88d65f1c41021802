import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadRunnerConfig } from '../../../config/runner-config.js';
import { DisabledServices } from './disabled-services.js';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'pizzapi-disabled-'))));
afterEach(() => rmSync(folder, { recursive: true }));
const opened = (): DisabledServices => new DisabledServices(loadRunnerConfig({ PIZZAPI_HOME: folder }, folder));

it('are known to the next runner', () => {
  opened().set('one', true);
  expect([opened().has('one'), opened().has('other')]).toEqual([true, false]);
  opened().set('one', false);
  expect(opened().has('one')).toBe(false);
});

it('stay as they were where the file cannot be written: nobody was told anything else', () => {
  const services = opened();
  mkdirSync(join(folder, `disabled-services.json.${process.pid}.new`));
  expect(() => services.set('one', true)).toThrow('EISDIR');
  expect(services.has('one')).toBe(false);
});
