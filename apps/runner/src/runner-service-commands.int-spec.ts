import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '@pizzapi/testing';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { page, pageAt, ServicesRunner } from '../testing/services-runner.js';
import { buildRunner } from '../testing/test-runner.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let at: ServicesRunner;

beforeAll(() => buildRunner());

beforeEach(async () => {
  at = await ServicesRunner.create();
});

afterEach(async (context) => {
  if (context.task.result?.state === 'fail') console.error(at.account);
  await at.dispose();
  expect(at.relay.faults).toEqual([]);
});

describe('a person', () => {
  it('disables, enables and restarts a service; what is disabled stays so', async () => {
    at.folder.write('a', page('a', 'a'));
    at.folder.write('only', { 'manifest.json': { id: 'only', label: 'Only declares' } });
    at.runner.start();
    const first = await at.untilPanel('a');
    expect(await at.command('a', 'restart')).toEqual({ ok: true });
    const second = await at.untilPanel('a', first);
    expect(await pageAt(first)).not.toBe('a');

    expect(await at.command('a', 'disable')).toEqual({ ok: true });
    await at.untilState('a', 'disabled');
    expect(at.announced?.panels).toEqual([]);
    expect(await pageAt(second)).not.toBe('a');
    expect(await at.command('a', 'restart')).toMatchObject({ ok: false, problem: { code: 'service_not_running' } });

    await at.runner.stop();
    at.runner.start();
    await at.relay.until('it is announced by the next one', () => at.relay.hellos.length === 2 && at.isAnnounced);
    await at.untilState('a', 'disabled');
    expect(await at.command('a', 'enable')).toEqual({ ok: true });
    await at.untilPanel('a');
    expect(await at.command('none', 'enable')).toMatchObject({ ok: false, problem: { code: 'service_unknown' } });
    expect(await at.command('only', 'restart')).toMatchObject({ ok: false, problem: { code: 'service_not_running' } });
  });

  it("reads a service's log, the last lines of it", async () => {
    at.folder.write('talks', {
      'manifest.json': { id: 'talks', label: 'Talks' },
      'index.ts': `export default class { id = 'talks'; init() { for (let i = 1; i <= 10; i++) console.log('line', i) } }`,
    });
    at.runner.start();
    await at.untilState('talks', 'running');
    await at.untilLogged('talks', 'line 10');
    const all = await at.log('talks');
    expect(all.isTruncated).toBe(false);
    expect(all.lines[0]).toMatchObject({ stream: 'runner', text: expect.stringMatching(/^started \(process \d+\)$/) });
    expect(await at.log('talks', 2)).toMatchObject({ lines: [{}, {}], isTruncated: true });
    await expect(at.log('none')).rejects.toThrow('service_unknown');
  });
});

describe('keys', () => {
  const fires = (id: string): Record<string, unknown> => ({
    'manifest.json': { id, label: id },
    'index.ts': `import { fireTrigger } from '@pizzapi/service-sdk';
      export default class { id = '${id}'; init() { let n = 0; const more = async () => {
        n += 1; const fired = await fireTrigger({ type: '${id}:x', payload: { n } }); console.log('fired', n, fired.triggerId); setTimeout(more, 50) };
        void more() } }`,
  });

  it('are asked once, kept in a private file, and asked anew when the relay refuses one', async () => {
    at.folder.write('a', fires('a'));
    at.runner.start();
    await at.relay.until('it fired', () => at.relay.services.fired.length > 2);
    const file = join(at.runner.home, 'service-keys.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ [at.relay.url]: { a: 'pza_a_1' } });

    await at.runner.stop();
    at.runner.start();
    // What the first one sent last may be heard only now.
    const numbers = () => at.relay.services.fired.map(({ body }) => (body as { payload: { n: number } }).payload.n);
    const ofTheSecond = () => numbers().slice(numbers().indexOf(1, 1));
    await at.relay.until('it fired again', () => numbers().lastIndexOf(1) > 0);
    expect(at.relay.services.keyRequests).toEqual(['a']);

    at.relay.services.keys.clear();
    const before = at.relay.services.fired.length;
    await at.relay.until('it has another key, and fired', () => at.relay.services.fired.length > before);
    expect(at.relay.services.keyRequests).toEqual(['a', 'a']);
    expect(ofTheSecond()).toEqual(ofTheSecond().map((_, index) => index + 1));
    expect(at.runner.output).not.toContain('pza_a_');
  });

  it('go with the service, and another one is asked when it comes back', async () => {
    at.folder.write('a', fires('a'));
    at.runner.start();
    await at.relay.until('it fired', () => at.relay.services.fired.length > 0);
    at.folder.remove('a');
    const file = join(at.runner.home, 'service-keys.json');
    await waitFor(() => !readFileSync(file, 'utf8').includes('pza_'), { description: 'its key is forgotten' });
    at.relay.services.keys.clear();
    at.folder.write('a', fires('a'));
    await at.relay.until('it fired again', () => at.relay.services.keys.size === 1);
    expect(at.relay.services.keyRequests).toEqual(['a', 'a']);
  });

  it('do not hold up a service while the relay is away, and come when it is back', async () => {
    await at.relay.stop();
    at.folder.write('a', {
      ...fires('a'),
      'panel/index.html': 'here',
      'manifest.json': { id: 'a', label: 'A', panel: {} },
    });
    at.runner.start();
    await waitFor(() => existsSync(join(at.runner.home, 'run/logs/services/a.log')), { description: 'it started' });
    await waitFor(() => readFileSync(join(at.runner.home, 'run/logs/services/a.log'), 'utf8').includes('"runs"'), {
      description: 'it runs',
    });
    expect(at.relay.services.fired).toEqual([]);
    await at.relay.start();
    await at.relay.until('it fired', () => at.relay.services.fired.length > 0);
    expect(at.relay.services.fired[0]).toMatchObject({ serviceId: 'a', body: { payload: { n: 1 } } });
  });
});
