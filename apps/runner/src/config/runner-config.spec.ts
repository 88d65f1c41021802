import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadRunnerConfig } from './runner-config.js';

let home: string;

function load(environment: Record<string, string> = {}): ReturnType<typeof loadRunnerConfig> {
  return loadRunnerConfig({ PIZZAPI_HOME: join(home, 'pizza'), ...environment }, home);
}

function writeConfig(content: string): void {
  mkdirSync(join(home, 'pizza'), { recursive: true });
  writeFileSync(join(home, 'pizza', 'config.json'), content);
}

beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'runner-config-')));
});
afterEach(() => rmSync(home, { recursive: true }));

describe('runner configuration', () => {
  it('has defaults for everything', () => {
    expect(load()).toMatchObject({ relayUrl: 'http://127.0.0.1:7492', apiKey: null, workspaceRoots: [home] });
    expect(loadRunnerConfig({}, home).layout.home).toBe(join(home, '.pizzapi'));
  });

  it('reads a relative home from where it is started, as the relay does', () => {
    expect(load({ PIZZAPI_HOME: 'relative/home' }).layout.home).toBe(join(process.cwd(), 'relative/home'));
  });

  it('lets at least two workers start at once', () => {
    expect(load().maxWorkerStarts).toBeGreaterThanOrEqual(2);
    expect(load({ PIZZAPI_MAX_WORKER_STARTS: '1' }).maxWorkerStarts).toBe(1);
  });

  it('pauses sessions after half an hour, or when it is told, or never', () => {
    expect(load().pauseAfterMs).toBe(1_800_000);
    expect(load({ PIZZAPI_PAUSE_AFTER_SECONDS: '5' }).pauseAfterMs).toBe(5_000);
    expect(load({ PIZZAPI_PAUSE_AFTER_SECONDS: '0' }).pauseAfterMs).toBeNull();
  });

  it('lets sessions send a MiB of what a tool puts out, or as much as it is told', () => {
    expect(load().maxToolOutputBytes).toBe(1_048_576);
    expect(load({ PIZZAPI_MAX_TOOL_OUTPUT_BYTES: '1024' }).maxToolOutputBytes).toBe(1_024);
    expect(load({ PIZZAPI_MAX_TOOL_OUTPUT_BYTES: '3145728' }).maxToolOutputBytes).toBe(3_145_728);
  });

  it("takes the environment before the file, and the runner's own key before the general one", () => {
    writeConfig(
      JSON.stringify({ relayUrl: 'https://file.example', apiKey: 'from-file', runnerName: 'filed', sandbox: {} }),
    );
    expect(load()).toMatchObject({ relayUrl: 'https://file.example', apiKey: 'from-file', runnerName: 'filed' });
    const environment = {
      PIZZAPI_RELAY_URL: 'wss://env.example:8443/',
      PIZZAPI_API_KEY: 'general',
      PIZZAPI_RUNNER_NAME: 'env',
    };
    expect(load(environment)).toMatchObject({
      relayUrl: 'https://env.example:8443',
      apiKey: 'general',
      runnerName: 'env',
    });
    expect(load({ ...environment, PIZZAPI_RUNNER_API_KEY: 'own' }).apiKey).toBe('own');
  });

  it.each([
    ['ws://relay:7492/', 'http://relay:7492'],
    ['https://relay.example', 'https://relay.example'],
    ['off', null],
  ])('reads the relay address %s', (text, expected) => {
    expect(load({ PIZZAPI_RELAY_URL: text }).relayUrl).toBe(expected);
  });

  it.each([
    ['PIZZAPI_RELAY_URL', 'relay.example'],
    ['PIZZAPI_RELAY_URL', 'ftp://relay.example'],
    ['PIZZAPI_RELAY_URL', 'http://relay.example/path'],
    ['PIZZAPI_RELAY_URL', 'http://user:word@relay.example'],
    ['PIZZAPI_API_KEY', 'pza_with space'],
    ['PIZZAPI_HOME', '~/pizza'],
    ['PIZZAPI_WORKSPACE_ROOTS', '/no/such/folder'],
    ['PIZZAPI_WORKSPACE_ROOTS', 'relative'],
    ['PIZZAPI_WORKSPACE_ROOTS', ':'],
    ['PIZZAPI_MAX_WORKER_STARTS', '0'],
    ['PIZZAPI_MAX_WORKER_STARTS', 'many'],
    ['PIZZAPI_PAUSE_AFTER_SECONDS', '-1'],
    ['PIZZAPI_MAX_TOOL_OUTPUT_BYTES', '1023'],
    ['PIZZAPI_MAX_TOOL_OUTPUT_BYTES', '3145729'],
    ['PIZZAPI_MAX_TOOL_OUTPUT_BYTES', '1MiB'],
  ])('refuses %s=%s and names the setting', (name, value) => {
    expect(() => load({ [name]: value })).toThrow(new RegExp(`^${name}: `));
  });

  it('never repeats a key in a complaint', () => {
    expect(() => load({ PIZZAPI_API_KEY: 'pza_se cret' })).toThrow(/^(?!.*pza_se)/);
    writeConfig('{"apiKey": "pza_secret",');
    expect(() => load()).toThrow(/config\.json: is not valid JSON(?!.*pza_secret)/);
  });

  it('names the field of config.json that is wrong', () => {
    writeConfig(JSON.stringify({ runnerName: 7 }));
    expect(() => load()).toThrow(/config\.json, field runnerName: /);
    writeConfig(JSON.stringify({ relayUrl: 'nowhere' }));
    expect(() => load()).toThrow(/config\.json, field relayUrl: /);
  });

  it('resolves links in workspace roots', () => {
    mkdirSync(join(home, 'real'));
    symlinkSync(join(home, 'real'), join(home, 'link'));
    const roots = `${join(home, 'link')}:${join(home, 'real')}`;
    expect(load({ PIZZAPI_WORKSPACE_ROOTS: roots }).workspaceRoots).toEqual([join(home, 'real')]);
  });
});
