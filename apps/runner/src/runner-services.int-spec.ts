import { cpSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WantedTriggers } from '@pizzapi/protocol';
import { copySpecSample, killProcess, waitFor } from '@pizzapi/testing';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ServicesFolder } from '../testing/services-folder.js';
import { page, pageAt, ServicesRunner } from '../testing/services-runner.js';
import { buildRunner } from '../testing/test-runner.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const SAMPLE_PLUGIN = fileURLToPath(new URL('../../../libs/testing/samples/plugins/session-context', import.meta.url));

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

describe('the service of a plugin', () => {
  it('starts: of one in a folder of plugins, and of one that Claude Code has installed', async () => {
    const { home } = at.runner;
    cpSync(SAMPLE_PLUGIN, join(home, 'plugins', 'session-context'), { recursive: true });
    const cache = join(at.runner.base, '.claude', 'plugins', 'cache', 'lamp');
    const lamp = new ServicesFolder(join(cache, 'services'));
    lamp.write('lamp', {
      'manifest.json': { id: 'lamp', label: 'Lamp' },
      'index.ts': 'export default class { id = "lamp"; init() {} }',
    });
    const plugins = { 'lamp@market': [{ scope: 'user', installPath: cache }] };
    const list = join(at.runner.base, '.claude', 'plugins', 'installed_plugins.json');
    writeFileSync(list, JSON.stringify({ version: 2, plugins }));
    at.runner.start();
    await at.untilState('greeter', 'running');
    await at.untilState('lamp', 'running');
    expect(at.announced?.services).toMatchObject([
      { id: 'lamp', plugin: 'lamp' },
      { id: 'greeter', plugin: 'session-context' },
    ]);
  });
});

describe("the specification's sample", () => {
  it('runs as it is: panel, data, and a trigger fired at the relay', async () => {
    await copySpecSample(at.folder.path);
    at.runner.start();
    await at.relay.until('it is announced', () => at.relay.announcements.length > 0);
    // Its definitions are known before its code runs.
    expect(at.relay.announcements[0]).toMatchObject({
      services: [{ id: 'my-service', state: 'declared', hasPanel: true }],
      panels: [],
      triggerDefs: [{ serviceId: 'my-service', type: 'my-service:something_happened' }],
    });
    const url = await at.untilPanel('my-service');
    await at.untilState('my-service', 'running');
    expect(at.announced?.panels).toEqual([
      { serviceId: 'my-service', label: 'My Service', icon: 'activity', port: Number(new URL(url).port) },
    ]);

    const html = await fetch(url);
    expect(html.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const shown = readFileSync(join(at.folder.path, 'my-service/panel/index.html'), 'utf8');
    expect(await html.text()).toBe(shown);
    const data = await fetch(`${url}/api/data`);
    expect([await data.json(), data.headers.get('access-control-allow-origin')]).toEqual([{ hello: 'world' }, '*']);

    await at.relay.until('it has a key', () => at.relay.services.keys.size === 1);
    // The key is handed over a moment after the relay gave it.
    await waitFor(
      async () => {
        expect(await (await fetch(`${url}/api/do-thing`, { method: 'POST' })).json()).toEqual({ ok: true });
        return at.relay.services.fired.length > 0;
      },
      { description: 'it fired' },
    );
    expect(at.relay.services.fired[0]).toMatchObject({
      serviceId: 'my-service',
      body: {
        type: 'my-service:something_happened',
        payload: { itemId: 'abc-123', timestamp: expect.any(Number) },
        source: 'my-service',
        deliverAs: 'followUp',
        summary: 'A thing happened',
      },
    });

    expect(await at.runner.stop()).toBe(0);
    expect(await pageAt(url)).not.toBe(shown);
  });
});

describe("a service's process", () => {
  it("has the person's environment, a HOME that leads to this runner, and no secret of ours", async () => {
    writeFileSync(join(at.runner.base, '.gitconfig'), '[user]');
    at.folder.write('env', {
      'manifest.json': { id: 'env', label: 'Env' },
      'index.ts': `import { readFileSync, existsSync } from 'node:fs'; import { homedir } from 'node:os';
        export default class { id = 'env'; init() { console.log(JSON.stringify({
          home: homedir(), file: JSON.parse(readFileSync(homedir() + '/.pizzapi/runner.json', 'utf8')).runnerId,
          git: existsSync(homedir() + '/.gitconfig'), cwd: process.cwd(), isFork: typeof process.send,
          relay: process.env.PIZZAPI_RELAY_URL, names: Object.keys(process.env).filter((n) => /^(PIZZAPI_|DATABASE)/.test(n)).sort() })) } }`,
    });
    at.relay.services.refusesKeys = true;
    at.runner.start();
    await at.untilLogged('env', '"home"');
    const [line] = (await at.log('env')).lines.filter(({ stream }) => stream === 'stdout');
    expect(JSON.parse(line?.text ?? '')).toEqual({
      home: join(at.runner.home, 'run/service-home'),
      file: at.relay.hellos[0]?.runnerId,
      git: true,
      cwd: join(at.folder.path, 'env'),
      isFork: 'undefined',
      relay: at.relay.url,
      names: ['PIZZAPI_HOME', 'PIZZAPI_RELAY_URL', 'PIZZAPI_SERVICE_ID'],
    });
  });

  it('is told who wants what, now and on every change, and of nothing else', async () => {
    at.folder.write('watch', page('watch', ''));
    const wants = (type: string, params: Record<string, string>): WantedTriggers['subscriptions'][number] => ({
      subscriptionId: 'sub_1',
      listenerId: null,
      type,
      params,
    });
    const tell = (...subscriptions: WantedTriggers['subscriptions']): void => {
      at.relay.runner?.emit('runner:wanted-triggers', { subscriptions });
    };
    at.runner.start();
    await at.relay.until('it is online', () => at.relay.runner !== undefined);
    tell(wants('watch:changed', { repo: 'one' }), wants('other:changed', { repo: 'none' }));
    await at.untilLogged('watch', '"repo":"one"');
    tell(wants('watch:changed', { repo: 'two' }));
    await at.untilLogged('watch', '"repo":"two"');
    tell(wants('watch:changed', { repo: 'two' }), wants('other:changed', { repo: 'more' }));
    tell();
    await at.untilLogged('watch', 'wanted []');
    const told = (await at.log('watch')).lines.filter(({ text }) => text.startsWith('wanted [{'));
    expect(told.map(({ text }) => text)).toEqual([
      'wanted [{"subscriptionId":"sub_1","listenerId":null,"type":"watch:changed","params":{"repo":"one"}}]',
      'wanted [{"subscriptionId":"sub_1","listenerId":null,"type":"watch:changed","params":{"repo":"two"}}]',
    ]);
  });

  it('that is killed comes back, and its panel is announced anew', async () => {
    at.folder.write('a', page('a', 'a'));
    at.folder.write('b', page('b', 'b'));
    at.runner.start();
    const [a, b] = [await at.untilPanel('a'), await at.untilPanel('b')];
    const pid = Number(/process (\d+)/.exec((await at.log('a')).lines[0]?.text ?? '')?.[1]);
    process.kill(pid, 'SIGKILL');
    const withdrawn = () => at.relay.announcements.find(({ services }) => services.some((each) => each.restarts === 1));
    await at.relay.until('its end is announced', () => withdrawn() !== undefined);
    expect(withdrawn()).toMatchObject({
      services: [{ id: 'a', state: 'restarting', error: 'was ended by SIGKILL' }, { id: 'b' }],
      panels: [{ serviceId: 'b' }],
    });
    const after = await at.untilPanel('a', a);
    expect(await (await fetch(after)).text()).toBe('a');
    expect(at.panelUrl('b')).toBe(b);
  });
});

describe('beside good services', () => {
  it('bad ones are named, and harm nobody', async () => {
    at.folder.write('a-torn', { 'manifest.json': '{' });
    at.folder.write('b-other', { ...page('b-other', ''), 'index.ts': `export default class { id = 'x'; init() {} }` });
    at.folder.write('c-throws', { ...page('c-throws', ''), 'index.ts': `throw new Error('on purpose')` });
    at.folder.write('d-spins', { ...page('d-spins', ''), 'index.ts': `for (;;);` });
    at.folder.write('e-prints', {
      ...page('e-prints', ''),
      'index.ts': `const line = 'x'.repeat(999) + '\\n'; export default class { id = 'e-prints';
        init() { const more = () => { for (let i = 0; i < 1000; i++) process.stdout.write(line); setImmediate(more) }; more() } }`,
    });
    at.folder.write('good', page('good', 'fine'));
    at.runner.start();
    const url = await at.untilPanel('good');
    await at.untilState('a-torn', 'broken');
    await at.untilState('b-other', 'broken');
    await at.relay.until(
      'one threw',
      () => at.info('c-throws')?.error === 'c-throws/index.ts cannot be loaded: on purpose',
    );
    await at.relay.until(
      'one was ended',
      () => at.info('d-spins')?.error?.includes('its event loop is blocked') === true,
    );
    expect(at.info('a-torn')?.error).toContain('a-torn/manifest.json: is not valid JSON');
    expect(at.info('b-other')?.error).toContain(`the class's id is "x", and the manifest's is "b-other"`);
    await at.untilLogged('e-prints', 'bytes of its output');
    const log = join(at.runner.home, 'run/logs/services/e-prints.log');
    expect(statSync(log).size).toBeLessThan(4 * 1024 * 1024);
    expect(statSync(log).mode & 0o777).toBe(0o600);
    expect(at.info('good')?.state).toBe('running');
    expect(await (await fetch(url)).text()).toBe('fine');
  });
});

describe('a folder that changes', () => {
  it('is announced with every connection and every change', async () => {
    at.folder.write('orders', { 'manifest.json': { id: 'orders', label: 'Orders' }, 'triggers.json': [] });
    at.runner.start();
    const last = () => at.relay.announcements.at(-1);
    await at.relay.until('it is announced', () => at.relay.announcements.length === 1);
    expect(last()).toEqual({
      services: [
        {
          id: 'orders',
          label: 'Orders',
          icon: 'square',
          state: 'declared',
          error: expect.stringContaining('orders/index.ts: is missing, so nothing runs'),
          hasPanel: false,
          since: expect.any(String),
          restarts: 0,
        },
      ],
      panels: [],
      triggerDefs: [],
      sigilDefs: [],
    });

    at.folder.write('orders', { 'triggers.json': [{ type: 'orders:status_changed', label: 'Status changed' }] });
    await at.relay.until(
      'the new trigger is announced',
      () => last()?.triggerDefs[0]?.type === 'orders:status_changed',
    );
    at.folder.write('torn', { 'manifest.json': '{' });
    await at.relay.until('the broken one is announced', () => last()?.services[1]?.state === 'broken');
    at.folder.remove('orders');
    await at.relay.until('the removal is announced', () => last()?.services.length === 1);
    expect(at.runner.output).toContain('torn/manifest.json');

    const before = at.relay.announcements.length;
    await at.relay.stop();
    await at.relay.start();
    await at.relay.until('it is announced again', () => at.relay.announcements.length > before);
    expect(at.relay.announcements.at(-1)).toEqual(at.relay.announcements[before - 1]);
  });

  it('starts, restarts or stops just that service, without a restart of the runner', async () => {
    at.folder.write('stays', page('stays', 'stays'));
    at.runner.start();
    const stays = await at.untilPanel('stays');

    at.folder.write('comes', page('comes', 'one'));
    const first = await at.untilPanel('comes');
    at.folder.write('comes', { 'index.ts': String(page('comes', 'two')['index.ts']) });
    const second = await at.untilPanel('comes', first);
    expect(await (await fetch(second)).text()).toBe('two');
    at.folder.write('comes', { 'triggers.json': [{ type: 'comes:x', label: 'X' }] });
    const third = await at.untilPanel('comes', second);
    expect(at.announced?.triggerDefs).toMatchObject([{ type: 'comes:x' }]);

    at.folder.write('comes', { 'index.ts': 'export default {' });
    await at.untilState('comes', 'broken');
    expect(await pageAt(third)).not.toBe('two');
    at.folder.write('comes', { 'index.ts': String(page('comes', 'mended')['index.ts']) });
    const mended = await at.untilPanel('comes', third);

    at.folder.remove('comes');
    await at.relay.until('it is gone', () => at.announced?.services.length === 1);
    await waitFor(async () => (await pageAt(mended)) !== 'mended', { description: 'its port is free' });
    await waitFor(() => !existsSync(join(at.runner.home, 'run/logs/services/comes.log')), {
      description: 'its log is gone',
    });
    expect(at.panelUrl('stays')).toBe(stays);
    expect(at.info('stays')?.restarts).toBe(0);
  });
});

const spinsWhenAsked = {
  'manifest.json': { id: 'spins', label: 'Spins' },
  'index.ts': `export default class { id = 'spins'; init(_: unknown, { announcePanel }) {
    announcePanel(Bun.serve({ port: 0, fetch: () => { for (;;); } }).port) } }`,
};

describe('the daemon', () => {
  it('that is killed leaves no service behind, and the next one starts them', async () => {
    at.folder.write('a', page('a', 'a'));
    at.folder.write('spins', spinsWhenAsked);
    at.runner.start();
    const [a, spins] = [await at.untilPanel('a'), await at.untilPanel('spins')];
    void fetch(spins).catch(() => undefined); // from here on it hears nothing
    const before = at.runner.servicePids();
    expect(before).toHaveLength(2);
    killProcess(at.runner.daemonPid());
    await at.untilPanel('a', a);
    await at.untilPanel('spins', spins);
    await waitFor(() => before.every((pid) => !at.runner.servicePids().includes(pid)), {
      description: 'they are gone',
    });
    expect(await pageAt(a)).not.toBe('a');
  });

  it('and its supervisor that are killed leave no service behind either, not even one that spins', async () => {
    at.folder.write('spins', spinsWhenAsked);
    at.runner.start();
    void fetch(await at.untilPanel('spins')).catch(() => undefined); // from here on it hears nothing
    const daemonPid = at.runner.daemonPid();
    expect(at.runner.servicePids()).toHaveLength(1);
    await at.runner.stop('SIGKILL');
    killProcess(daemonPid);
    await waitFor(() => at.runner.processes().length === 0, { description: 'no process is left' });
  });
});
