import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { forPeople, openLog } from './managed-process.mjs';
import { pizzapiHome } from './paths.mjs';

it('says what to correct where the logs cannot be kept', () => {
  const file = fileURLToPath(import.meta.url);
  expect(() => openLog(join(file, 'logs'), 'relay')).toThrow(
    /^The logs cannot be kept: ENOTDIR: not a directory, mkdir '.*'\. Correct PIZZAPI_HOME, which is "/,
  );
});

it('takes an empty PIZZAPI_HOME for none, as the relay does', () => {
  vi.stubEnv('PIZZAPI_HOME', '');
  expect(pizzapiHome()).toBe(join(homedir(), '.pizzapi'));
  vi.unstubAllEnvs();
});

describe('what of a log belongs in the terminal', () => {
  it('shows plain lines, which are printed for people', () => {
    expect(forPeople('Set-up code for the first account: 1234')).toBe('Set-up code for the first account: 1234');
  });

  it('shows warnings and errors by their message', () => {
    expect(forPeople('{"level":40,"msg":"the disk is nearly full"}')).toBe('the disk is nearly full');
  });

  it('keeps the rest in the file', () => {
    expect(forPeople('{"level":30,"msg":"ready"}')).toBeNull();
    expect(forPeople('  ')).toBeNull();
  });

  it('shows what only looks like a log entry', () => {
    expect(forPeople('{broken')).toBe('{broken');
  });
});
