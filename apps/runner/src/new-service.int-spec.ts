import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { ServicesRunner } from '../testing/services-runner.js';
import { buildRunner } from '../testing/test-runner.js';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 120_000 });

const root = fileURLToPath(new URL('../../../', import.meta.url));
let test: ServicesRunner;

beforeAll(() => buildRunner());
beforeEach(async () => {
  test = await ServicesRunner.create();
});
afterEach(() => test.dispose());

it('a service as `pizzapi service new` writes it starts in a running runner, shows its panel, and fires', async () => {
  test.runner.start();
  await test.relay.until('the runner is connected', () => test.announced !== undefined);
  const program = join(root, 'dist/runner/apps/runner/src/main.js');
  const env = { PATH: process.env['PATH'], HOME: test.runner.base, PIZZAPI_HOME: test.runner.home };
  const said = execFileSync(join(root, 'node_modules/.bin/node'), [program, 'service', 'new', 'build-watch'], { env });
  expect(said.toString()).toContain('Subscribe to build-watch:happened');

  const panel = await test.untilPanel('build-watch');
  expect(test.info('build-watch')).toMatchObject({
    state: 'running',
    error: null,
    label: 'Build Watch',
    hasPanel: true,
  });
  expect(await (await fetch(panel)).text()).toContain('<h1>Build Watch</h1>');
  expect(await (await fetch(`${panel}/api/data`)).json()).toEqual({ count: 0, wanted: 0 });

  const fired = await fetch(`${panel}/api/fire`, { method: 'POST' });
  expect([fired.status, await fired.json()]).toEqual([200, { triggerId: 'trg_1', subscriptions: 1, listeners: 0 }]);
  expect(test.relay.services.fired).toMatchObject([
    {
      serviceId: 'build-watch',
      body: { type: 'build-watch:happened', payload: { note: 'The button was pressed', count: 1 } },
    },
  ]);
  expect((await test.log('build-watch')).lines.filter(({ stream }) => stream === 'stderr')).toEqual([]);
});
