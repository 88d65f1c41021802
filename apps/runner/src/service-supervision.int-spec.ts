import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { pageAt } from '../testing/services-runner.js';
import { TestService } from '../testing/test-service.js';
import { buildRunner } from '../testing/test-runner.js';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 120_000 });

beforeAll(() => buildRunner());

const service = (init: string, more = ''): string =>
  `import { createServer } from 'node:http'; import { spawn } from 'node:child_process';
   export default class { id = 'my-service'; init(socket, { announcePanel }) { ${init} } ${more} }`;

const listens = `const server = createServer((_, answer) => answer.end('here')).listen(0, '127.0.0.1', () => announcePanel(server.address().port));`;

function isAlive(pid: number | undefined): boolean {
  return existsSync(`/proc/${pid}/cwd`);
}

describe('a service that ends is started again, and the reason is said', () => {
  it.each([
    ['ends itself', 'setTimeout(() => process.exit(0), 20)', 'ended by itself (exit code 0)'],
    ['ends itself with a code', 'setTimeout(() => process.exit(7), 20)', 'ended with exit code 7'],
    [
      'throws where nobody catches',
      `setTimeout(() => { throw new RangeError('too far') }, 20)`,
      'threw an error that nothing caught: RangeError: too far',
    ],
    [
      'leaves a promise rejected',
      `setTimeout(() => void Promise.reject(new Error('not handled')), 20)`,
      'threw an error that nothing caught: not handled',
    ],
    ['is killed', `setTimeout(() => process.kill(process.pid, 'SIGKILL'), 20)`, 'was ended by SIGKILL'],
  ])('%s', async (_, init, error) => {
    await using it = await TestService.start({ 'index.ts': service(init) });
    await it.until('it was started again twice', () => it.status.restarts >= 2);
    expect(it.statuses.find(({ state }) => state === 'restarting')?.error).toBe(error);
    expect(it.statuses.map(({ state }) => state)).toContain('running');
    expect(it.lines.filter((line) => line.includes(`runner: ${error}; it is started again in 0.`))).not.toHaveLength(0);
  });

  it('but one that catches such errors itself goes on', async () => {
    const init = `process.on('uncaughtException', () => console.log('caught')); setTimeout(() => { throw new Error('x') }, 20)`;
    await using it = await TestService.start({ 'index.ts': service(init) });
    await it.until('it caught it', () => it.lines.includes('stdout: caught'));
    expect(it.pids).toHaveLength(1);
  });

  it('after pauses that grow', async () => {
    const limits = { firstPauseMs: 200, lastPauseMs: 10_000 };
    await using it = await TestService.start({ 'index.ts': service('process.exit(1)') }, { limits });
    await it.until('it was started again three times', () => it.status.restarts >= 3);
    const pauses = it.lines.flatMap((line) => /started again in ([\d.]+) s/.exec(line)?.[1] ?? []).map(Number);
    expect(pauses[0]).toBeLessThanOrEqual(0.2);
    expect(pauses[2]).toBeGreaterThanOrEqual(0.4);
  });
});

describe('a service that does harm is ended', () => {
  const looks = { lookMs: 100, maxUnanswered: 10 };

  it('when it spins', async () => {
    const init = `${listens} setTimeout(() => { for (;;); }, 300)`;
    await using it = await TestService.start({ 'index.ts': service(init) }, { limits: looks });
    await it.until('it was ended', () => it.status.restarts >= 1);
    expect(it.statuses.find(({ state }) => state === 'restarting')).toMatchObject({
      error: 'did not answer for 1 s: its event loop is blocked',
      panelPort: null,
    });
    expect(isAlive(it.pids[0])).toBe(false);
  });

  it('when it spins in init', async () => {
    await using it = await TestService.start({ 'index.ts': service('for (;;);') }, { limits: looks });
    await it.until('it was ended', () => it.status.restarts >= 1);
    expect(it.status.error).toContain('its event loop is blocked');
  });

  it('when it leaks memory', async () => {
    const init = `const kept: Buffer[] = []; setInterval(() => kept.push(Buffer.alloc(4_000_000, 1)), 10)`;
    await using it = await TestService.start(
      { 'index.ts': service(init) },
      { limits: { lookMs: 100, maxUnanswered: 1_000, maxMemoryMb: 200 } },
    );
    await it.until('it was ended', () => it.status.restarts >= 1);
    expect(it.status.error).toMatch(/^took \d+ MB of memory; PIZZAPI_MAX_SERVICE_MEMORY_MB allows 200$/);
  });

  it('when its heap is full', async () => {
    const init = `const kept: object[] = []; setInterval(() => { for (let i = 0; i < 100_000; i++) kept.push({ i, text: 'x' + i }) }, 1)`;
    await using it = await TestService.start(
      { 'index.ts': service(init) },
      { limits: { lookMs: 60_000, maxMemoryMb: 128 } },
    );
    await it.until('it was ended', () => it.status.restarts >= 1);
    expect(it.status.error).toBe('ran out of memory (JavaScript heap out of memory)');
  });

  it('when it never comes to run', async () => {
    await using it = await TestService.start(
      { 'index.ts': `await new Promise(() => {}); ${service('')}` },
      { limits: { startMs: 1_500 } },
    );
    await it.until('it was ended', () => it.status.restarts >= 1);
    expect(it.status.error).toBe('did not start within 1.5 s');
  });

  it('but not one that the first look finds before it listens', async () => {
    // No process listens within 10 ms. It would be ended after 5 s, and says itself that it lived for longer.
    const init = `setTimeout(() => console.log('lives'), 6_000)`;
    await using it = await TestService.start(
      { 'index.ts': service(init) },
      { limits: { lookMs: 10, maxUnanswered: 500 } },
    );
    await it.until('it lived for longer', () => it.lines.includes('stdout: lives'));
    expect([it.pids.length, it.status.restarts]).toEqual([1, 0]);
  });
});

describe('what a service prints', () => {
  it('is in its log, line by line', async () => {
    const init = `console.log('one\\ntwo'); console.error('three'); process.stdout.write('no line break ÄÖ');`;
    await using it = await TestService.start({ 'index.ts': service(init) });
    await it.untilRunning();
    await it.supervised.stop('stopped');
    expect(it.lines).toEqual(
      expect.arrayContaining(['stdout: one', 'stdout: two', 'stderr: three', 'stdout: no line break ÄÖ']),
    );
  });

  it('is bounded, and the log says what is missing', async () => {
    const lines = 300_000; // 30 MB; a gigabyte takes the same way for longer
    const init = `const line = 'x'.repeat(99) + '\\n'; let left = ${lines};
      const more = () => { for (let i = 0; i < 1000 && left > 0; i++, left--) process.stdout.write(line);
        if (left > 0) setImmediate(more); else console.error('printed all') }; more();`;
    await using it = await TestService.start({ 'index.ts': service(init) });
    const omitted = (): number =>
      it.lines
        .flatMap((line) => /left out (\d+) bytes/.exec(line)?.[1] ?? [])
        .reduce((sum, bytes) => sum + Number(bytes), 0);
    await it.until('it says what is missing', () => omitted() > lines * 100 * 0.9);
    await it.until('it printed all', () => it.lines.includes('stderr: printed all'));
    const kept = it.lines.filter((line) => line.startsWith('stdout: x')).length;
    expect(kept).toBeLessThan(20_000);
    expect(it.status).toMatchObject({ state: 'running', restarts: 0 });
  });

  it('in one line without end is cut', async () => {
    await using it = await TestService.start({ 'index.ts': service(`console.log('x'.repeat(100_000))`) });
    await it.until('it is in the log', () => it.lines.some((line) => line.includes('… (cut)')));
  });
});

describe('a service that is stopped', () => {
  it('disposes of what it holds, and its port is free', async () => {
    const init = `${listens} this.server = server;`;
    const dispose = `async dispose() { await new Promise((done) => setTimeout(done, 50)); this.server.close(); console.log('disposed') }`;
    await using it = await TestService.start({ 'index.ts': service(init, dispose) });
    const url = await it.panelUrl();
    expect(await pageAt(url)).toBe('here');
    await it.supervised.stop('stopped');
    expect(it.status).toMatchObject({ state: 'stopped', panelPort: null });
    expect(it.lines).toContain('stdout: disposed');
    expect(await pageAt(url)).not.toBe('here');
  });

  it('leaves no port open, also without dispose, with one that never ends, or one that throws', async () => {
    for (const dispose of ['', 'dispose() { return new Promise(() => {}) }', `dispose() { throw new Error('no') }`]) {
      await using it = await TestService.start(
        { 'index.ts': service(listens, dispose) },
        { limits: { disposeMs: 200 } },
      );
      const url = await it.panelUrl();
      await it.supervised.stop('stopped');
      expect(await pageAt(url)).not.toBe('here');
      expect(it.pids.filter(isAlive)).toEqual([]);
    }
  });

  it('is ended when it spins', async () => {
    const init = `${listens} setTimeout(() => { console.log('spins'); for (;;); }, 200)`;
    await using it = await TestService.start({ 'index.ts': service(init) }, { limits: { disposeMs: 200 } });
    await it.until('it spins', () => it.lines.includes('stdout: spins'));
    await it.supervised.stop('stopped');
    expect(it.pids.filter(isAlive)).toEqual([]);
    expect(it.status.state).toBe('stopped');
  });

  it('takes along what it started', async () => {
    const init = `console.log('child', spawn('sleep', ['600']).pid)`;
    await using it = await TestService.start({ 'index.ts': service(init) });
    await it.until('it started something', () => it.lines.some((line) => line.startsWith('stdout: child')));
    const child = Number(
      it.lines
        .find((line) => line.startsWith('stdout: child'))
        ?.split(' ')
        .at(-1),
    );
    expect(isAlive(child)).toBe(true);
    await it.supervised.stop('stopped');
    await it.until('it is gone too', () => !isAlive(child));
  });

  it('while it waits to be started again stays stopped', async () => {
    await using it = await TestService.start(
      { 'index.ts': service('process.exit(1)') },
      { limits: { firstPauseMs: 600_000, lastPauseMs: 600_000 } },
    );
    await it.until('it waits', () => it.status.state === 'restarting');
    await it.supervised.stop('disabled');
    expect(it.status).toMatchObject({ state: 'disabled', error: null });
    it.supervised.start();
    await it.until('it is started once more', () => it.pids.length === 2);
  });
});
