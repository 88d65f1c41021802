import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../../bin/pizzapi', import.meta.url));

/** A clone that only says what it would run, and where. */
describe('bin/pizzapi', () => {
  let folder: string;
  let project: string;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'pizzapi-bin-')));
    project = join(folder, 'my project');
    for (const name of ['clone/bin', 'clone/scripts', 'path', 'my project']) {
      mkdirSync(join(folder, name), { recursive: true });
    }
    copyFileSync(SCRIPT, join(folder, 'clone/bin/pizzapi'));
    writeFileSync(
      join(folder, 'clone/scripts/run.mjs'),
      'console.log(JSON.stringify([process.cwd(), ...process.argv.slice(2)]));',
    );
    symlinkSync('../clone/bin/pizzapi', join(folder, 'path/pizza'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('runs where one is, by a link of any name, on the Node of the clone', () => {
    mkdirSync(join(folder, 'clone/node_modules/.bin'), { recursive: true });
    symlinkSync(process.execPath, join(folder, 'clone/node_modules/.bin/node'));
    const said = execFileSync(join(folder, 'path/pizza'), ['plugins', 'trust', 'a b'], { cwd: project });
    expect(JSON.parse(said.toString())).toEqual([project, 'pizzapi', 'plugins', 'trust', 'a b']);
  });

  it('is called pizza, too, by `npm link`', () => {
    const { name, version, bin } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(bin).toEqual({ pizza: 'bin/pizzapi', pizzapi: 'bin/pizzapi' });
    writeFileSync(join(folder, 'clone/package.json'), JSON.stringify({ name, version, bin }));
    mkdirSync(join(folder, 'clone/node_modules/.bin'), { recursive: true });
    symlinkSync(process.execPath, join(folder, 'clone/node_modules/.bin/node'));
    const env = { ...process.env, npm_config_prefix: join(folder, 'global') };
    execFileSync('npm', ['link', '--offline'], { cwd: join(folder, 'clone'), env });
    const said = execFileSync(join(folder, 'global/bin/pizza'), ['plugins', 'trusted'], { cwd: project });
    expect(JSON.parse(said.toString())).toEqual([project, 'pizzapi', 'plugins', 'trusted']);
  });

  it('says what to do in a clone that is not set up', () => {
    const { status, stderr } = spawnSync(join(folder, 'path/pizza'), { cwd: project, encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toContain(`cd ${join(folder, 'clone')} && npm ci && npm run build runner`);
  });
});
