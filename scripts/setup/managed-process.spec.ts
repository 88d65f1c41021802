import { mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { forPeople, ManagedProcess, openLog } from './managed-process.mjs';
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

it('says why a process ended once, not again among its last lines', async () => {
  const print = vi.spyOn(console, 'log').mockReturnValue();
  const logFolder = mkdtempSync(join(tmpdir(), 'pizzapi-log-'));
  const lines = ['{"level":30,"msg":"starting"}', 'Port 7492 is taken.', '{"level":30,"msg":"stopping"}'];
  const script = lines.map((line) => `console.log(${JSON.stringify(line)});`).join('');
  const relay = new ManagedProcess('relay', ['-e', script], { env: process.env, logFolder });
  await relay.ended;
  expect(print.mock.calls).toEqual([['  relay: Port 7492 is taken.']]);
  expect(relay.unseenLines).toEqual(['{"level":30,"msg":"stopping"}']);
  print.mockRestore();
  rmSync(logFolder, { recursive: true });
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
