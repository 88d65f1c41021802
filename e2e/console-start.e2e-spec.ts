import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { freePort, removeFolder, temporaryFolder, waitFor } from '@pizzapi/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../', import.meta.url));

describe('npm start', () => {
  let home: string;
  let port: number;
  let start: ChildProcess;
  let output = '';

  beforeAll(async () => {
    home = await temporaryFolder('start');
    port = await freePort();
    start = spawn(process.execPath, ['scripts/start.mjs'], {
      cwd: ROOT,
      env: { ...cleanEnvironment(), PIZZAPI_HOME: home, PIZZAPI_PORT: String(port) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [start.stdout, start.stderr]) {
      stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    }
  });
  afterAll(async () => {
    if (start.exitCode === null && start.signalCode === null) start.kill('SIGTERM');
    await removeFolder(home);
  });

  it('says where the console is, last, and the console answers there', async () => {
    await waitFor(() => output.includes('Console: ') || start.exitCode !== null, {
      description: 'npm start is ready',
      timeoutMs: 100_000,
    });
    expect(start.exitCode, output).toBeNull();
    const lastLine = output.trim().split('\n').at(-1);
    expect(lastLine).toBe(`Console: http://localhost:${port}`);
    const page = await fetch(`http://localhost:${port}/`);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<title>PizzaPi</title>');
  });

  it('ends with Ctrl+C and leaves no process behind', async () => {
    // The relay, its Redis, the supervisor and the daemon at least.
    expect(processesOf(home).length).toBeGreaterThanOrEqual(4);
    // Its end, with all that it has written.
    const exit = once(start, 'close');
    start.kill('SIGINT');
    expect(await exit).toEqual([0, null]);
    expect(output).toContain('Stopped.');
    expect(processesOf(home)).toEqual([]);
    await expect(fetch(`http://localhost:${port}/`)).rejects.toThrow();
  });
});

/** The test's own settings must not reach the product. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return { PATH, HOME };
}

/** Every process, whoever its parent is, that was given this home or works in it; with its command line. */
function processesOf(home: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => [`environ`, 'cmdline'].some((file) => readOf(pid, file).includes(home)))
    .map((pid) => `${pid} ${readOf(pid, 'cmdline').replaceAll('\0', ' ')}`);
}

function readOf(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return ''; // gone while we looked
  }
}
