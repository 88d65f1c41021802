import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const PATHS = new URL('./paths.mjs', import.meta.url).href;

/** npm runs `npm start` of a clone, which only says where everything would be kept. */
describe('PIZZAPI_HOME', () => {
  let clone: string;
  beforeEach(() => {
    clone = realpathSync(mkdtempSync(join(tmpdir(), 'pizzapi-paths-')));
    mkdirSync(join(clone, 'apps/mine'), { recursive: true });
    const say = 'goWhereTyped("start"); console.log(pizzapiHome());';
    writeFileSync(join(clone, 'say.mjs'), `import { goWhereTyped, pizzapiHome } from '${PATHS}'; ${say}`);
    writeFileSync(join(clone, 'package.json'), JSON.stringify({ scripts: { start: 'node say.mjs' } }));
  });
  afterEach(() => rmSync(clone, { recursive: true }));

  const start = (args: string[], cwd: string, home: string): string =>
    execFileSync('npm', [...args, '--silent', 'start'], { cwd, env: { ...process.env, PIZZAPI_HOME: home } })
      .toString()
      .trim();

  it('counts from where the command was typed, in whatever folder of the clone or outside', () => {
    const folder = join(clone, 'apps/mine');
    expect(start([], folder, '../data')).toBe(join(clone, 'apps/data'));
    expect(start(['--prefix', clone], tmpdir(), 'data')).toBe(join(realpathSync(tmpdir()), 'data'));
    expect(start([], folder, '/srv/data')).toBe('/srv/data');
  });

  it('has no "~": only a shell knows whose', () => {
    const env = { ...process.env, PIZZAPI_HOME: '~/data' };
    const { status, stderr } = spawnSync('node', ['say.mjs'], { cwd: clone, env, encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toContain('write that out');
  });
});
