import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  existsSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { homeLayout } from '../../../config/home-layout.js';
import { prepareServiceHome } from './service-home.js';

let base: string;
let user: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'pizzapi-home-'));
  user = join(base, 'user');
  mkdirSync(join(user, '.config'), { recursive: true });
  writeFileSync(join(user, '.gitconfig'), 'mine');
  writeFileSync(join(user, 'letter.txt'), '');
});
afterEach(() => rmSync(base, { recursive: true }));

describe("the services' HOME", () => {
  it("is the person's own where PIZZAPI_HOME is in it, also behind a link", () => {
    mkdirSync(join(user, '.pizzapi'));
    expect(prepareServiceHome(homeLayout(join(user, '.pizzapi')), user)).toBe(user);
    symlinkSync(join(user, '.pizzapi'), join(base, 'link'));
    expect(prepareServiceHome(homeLayout(join(base, 'link')), user)).toBe(user);
  });

  it("else leads to PIZZAPI_HOME, and to the person's settings as they are now", () => {
    const layout = homeLayout(join(base, 'elsewhere'));
    mkdirSync(layout.home);
    writeFileSync(layout.identityFile, 'me');
    mkdirSync(join(user, '.pizzapi'));
    const home = prepareServiceHome(layout, user);
    expect(readFileSync(join(home, '.pizzapi', 'runner.json'), 'utf8')).toBe('me');
    expect(readFileSync(join(home, '.gitconfig'), 'utf8')).toBe('mine');
    expect(readlinkSync(join(home, '.config'))).toBe(join(user, '.config'));
    expect(existsSync(join(home, 'letter.txt'))).toBe(false);

    rmSync(join(user, '.gitconfig'));
    writeFileSync(join(home, '.own'), 'kept');
    expect(prepareServiceHome(layout, user)).toBe(home);
    expect(existsSync(join(home, '.gitconfig'))).toBe(false);
    expect(readFileSync(join(home, '.own'), 'utf8')).toBe('kept');
  });

  it('needs no home of the person', () => {
    const layout = homeLayout(join(base, 'elsewhere'));
    mkdirSync(layout.home);
    expect(readlinkSync(join(prepareServiceHome(layout, join(base, 'none')), '.pizzapi'))).toBe(layout.home);
  });
});
