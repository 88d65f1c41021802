import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { SandboxFrame, SandboxSettings } from '@pizzapi/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { homeLayout } from '../../config/home-layout.js';
import { problemCodeOf } from '../../relay-link/answering.js';
import { openSandbox } from './open-sandbox.js';
import { ForeignFolderError, SessionTemp } from './session-temp.js';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'open-sandbox-')));
  mkdirSync(join(root, 'project', '.pizzapi'), { recursive: true });
  mkdirSync(join(root, 'bin'));
  mkdirSync(join(root, 'home', 'services', 'mine'), { recursive: true });
  mkdirSync(join(root, 'tmp'));
  vi.stubEnv('PATH', join(root, 'bin'));
  vi.stubEnv('TMPDIR', join(root, 'tmp'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true });
});

function installed(...names: string[]): void {
  for (const name of names) {
    writeFileSync(join(root, 'bin', name), '#!/bin/sh\n');
    chmodSync(join(root, 'bin', name), 0o755);
  }
}

interface Files {
  user?: unknown;
  project?: unknown;
  ofOrganisation?: SandboxSettings;
  cwd?: string;
  frame?: SandboxFrame;
}

function open({ user, project, ofOrganisation, cwd = join(root, 'project'), frame }: Files = {}): ReturnType<
  typeof openSandbox
> {
  if (user !== undefined) writeFileSync(join(root, 'home', 'config.json'), JSON.stringify({ sandbox: user }));
  const projectFile = join(root, 'project', '.pizzapi', 'config.json');
  if (project !== undefined) writeFileSync(projectFile, JSON.stringify({ sandbox: project }));
  const order = {
    sessionId: 'one',
    cwd,
    ofOrganisation: ofOrganisation ?? null,
    hidden: [],
    readable: [],
    frame: frame ?? null,
  };
  return openSandbox(order, homeLayout(join(root, 'home')));
}

const failureOf = (files: Files): Promise<unknown> => open(files).then(() => null, problemCodeOf);

describe('a session’s sandbox', () => {
  it('is basic, and enforced where the system lets it', async () => {
    installed('bwrap', 'rg');
    const { state, sandbox, close } = await open();
    expect(state).toEqual({ mode: 'basic', isEnforced: true });
    const { path, parent } = new SessionTemp('one', join(root, 'tmp'));
    expect(dirname(parent)).toBe(join(root, 'tmp'));
    expect(sandbox?.policy.secrets).toContain(parent);
    expect(sandbox?.policy.shared).toContain(join(root, 'home'));
    expect(process.env['TMPDIR']).toBe(path);
    for (const folder of [parent, path]) expect(statSync(folder).mode & 0o777).toBe(0o700);
    await close(true);
    expect(existsSync(path)).toBe(false);
  });

  it('does not open where its folder lies among secrets, unless the user’s file makes it readable', async () => {
    installed('bwrap', 'rg');
    const cwd = join(root, 'home', 'services', 'mine');
    expect(await failureOf({ cwd })).toBe('folder_secret');
    expect(await failureOf({ cwd, user: {}, ofOrganisation: { readable: [cwd] } })).toBeNull();
    expect(await failureOf({ cwd, user: { readable: [cwd] } })).toBeNull();
    expect(await failureOf({ cwd: join(root, 'home', 'run'), user: { readable: [root] } })).toBe('folder_secret');
  });

  it('does not open where its folder is a link by now: the daemon has looked where links lead', async () => {
    installed('bwrap', 'rg');
    symlinkSync(join(root, 'project'), join(root, 'led'));
    expect(await failureOf({ cwd: join(root, 'led') })).toBe('folder_missing');
    expect(await failureOf({ cwd: join(root, 'led'), user: { mode: 'none' } })).toBeNull();
  });

  it('that cannot be enforced is none, and its state says why', async () => {
    const { state, sandbox } = await open();
    expect(state).toMatchObject({
      mode: 'basic',
      isEnforced: false,
      detail: expect.stringContaining('bwrap, rg is not'),
    });
    expect(sandbox).toBeNull();
  });

  it('is not wanted with mode none', async () =>
    expect(await open({ user: { mode: 'none' } })).toMatchObject({ state: { mode: 'none', isEnforced: false } }));

  it('does not run without a wall only because the machine has no process to spare for finding out', async () => {
    installed('rg', 'bwrap');
    writeFileSync(join(root, 'bin', 'bwrap'), '#!/bin/sh\necho "fork: Resource temporarily unavailable" >&2; exit 1\n');
    await expect(open({ user: { mode: 'basic' } })).rejects.toThrow('Nothing runs before that is known.');
  });

  it.each<[string, Files]>([
    ['the user', { user: { floor: 'basic' } }],
    ['the project', { user: { mode: 'none' }, project: { floor: 'full' } }],
    ['the organisation', { ofOrganisation: { floor: 'basic' }, user: { mode: 'none' } }],
  ])('is demanded by a floor of %s: nothing starts without', async (_who, files) =>
    expect(await failureOf(files)).toBe('sandbox_unavailable'),
  );

  it('can only be tightened from the outside in', async () => {
    const modeOf = async (files: Files) => (await open(files)).state.mode;
    expect(await modeOf({ user: { mode: 'full' }, project: { mode: 'none' } })).toBe('full');
    expect(await modeOf({ user: { mode: 'basic' }, project: { mode: 'full' } })).toBe('full');
    expect(await modeOf({ ofOrganisation: { mode: 'full' }, user: { mode: 'none' }, project: {} })).toBe('full');
    expect(await modeOf({ ofOrganisation: { denied: ['/srv'] }, user: { mode: 'none' } })).toBe('none');
  });

  it('is at least as tight as that of the session that started it, whatever is set here', async () => {
    installed('bwrap', 'rg', 'socat');
    const user = { mode: 'none', allowedDomains: ['example.org', 'example.com'], writable: ['/srv'] };
    const frame: SandboxFrame = {
      mode: 'full',
      allowedDomains: ['example.org'],
      writable: ['/srv/a'],
      denied: ['/opt'],
    };
    const setup = await open({ user, frame });
    const held = {
      mode: 'full',
      allowedDomains: ['example.org'],
      writable: ['/srv/a'],
      denied: expect.arrayContaining(['/opt']),
    };
    expect(setup.sandbox?.policy).toMatchObject(held);
    // Nor does the organisation loosen it later.
    expect(await setup.follow({ mode: 'none' }, null)).toBe('held');
    expect(setup.sandbox?.policy).toMatchObject(held);
    expect((await open({ user: { mode: 'full' }, frame: { mode: 'basic' } })).state.mode).toBe('full');
    rmSync(join(root, 'bin', 'bwrap'));
    expect(await failureOf({ user, frame: { ...frame, floor: 'full' } })).toBe('sandbox_unavailable');
    expect(await failureOf({ user, frame })).toBeNull();
  });

  it.each<[string, SandboxSettings, SandboxSettings, string[]]>([
    ['the organisation where the user is silent', { allowedDomains: ['*.example.org'] }, {}, ['*.example.org']],
    ['the user where the organisation is', {}, { allowedDomains: ['example.com'] }, ['example.com']],
    [
      'both where both speak',
      { allowedDomains: ['*.example.org', 'example.net'] },
      { allowedDomains: ['a.example.org', 'example.com'] },
      ['a.example.org'],
    ],
  ])('lets tools reach what is allowed by %s', async (_who, ofOrganisation, user, domains) => {
    installed('bwrap', 'rg', 'socat');
    const { sandbox } = await open({ ofOrganisation: { mode: 'full', ...ofOrganisation }, user });
    expect(sandbox?.policy.allowedDomains).toEqual(domains);
  });

  describe('follows what the organisation says while the session runs', () => {
    const at = '2026-11-29T09:00:00.000Z';

    it('behind its wall, tighter or wider', async () => {
      installed('bwrap', 'rg', 'socat');
      const setup = await open({ user: { denied: ['/srv'] }, ofOrganisation: { mode: 'full' } });
      expect(await setup.follow({ denied: ['/opt'] }, at)).toBe('held');
      expect(setup.state).toEqual({ mode: 'basic', isEnforced: true, policyAt: at });
      for (const wall of [setup.sandbox, setup.ofServers]) {
        expect(wall?.policy.mode).toBe('basic');
        expect(wall?.policy.denied).toEqual(expect.arrayContaining(['/srv', '/opt']));
      }
      expect(await setup.follow(null, null)).toBe('held');
      expect(setup.sandbox?.policy.denied).not.toContain('/opt');
      expect(setup.state).toEqual({ mode: 'basic', isEnforced: true });
    });

    it('but stays behind one that is wanted no more until it rests, and says so', async () => {
      installed('bwrap', 'rg');
      const setup = await open({ user: { mode: 'none' }, ofOrganisation: { mode: 'basic' } });
      expect(await setup.follow({ mode: 'none' }, at)).toBe('anew-at-rest');
      const behind = { reason: 'wall_stays', detail: expect.stringContaining('as soon as the agent rests') };
      expect(setup.state).toEqual({ mode: 'basic', isEnforced: true, behind });
      expect(await setup.follow({ mode: 'basic' }, at)).toBe('held');
      expect(setup.state).toEqual({ mode: 'basic', isEnforced: true, policyAt: at });
    });

    it('not, where they are not understood, and says so until it follows others', async () => {
      const setup = await open({ user: { mode: 'none' } });
      const behind = { reason: 'not_understood' as const, detail: 'Update the runner.' };
      setup.fallBehind(behind);
      expect(setup.state).toEqual({ mode: 'none', isEnforced: false, behind });
      expect(await setup.follow({ denied: ['/opt'] }, at)).toBe('held');
      expect(setup.state).toEqual({ mode: 'none', isEnforced: false, policyAt: at });
    });

    it('where it has none and needs none', async () => {
      const setup = await open({ user: { mode: 'none' } });
      expect(await setup.follow({ denied: ['/opt'] }, at)).toBe('held');
      expect(setup.state).toEqual({ mode: 'none', isEnforced: false, policyAt: at });
    });

    it.each<[string, Files, SandboxSettings]>([
      ['it needs a wall that it does not have', { user: { mode: 'none' } }, { mode: 'basic' }],
      ['a floor cannot be held here', { user: { mode: 'basic' } }, { floor: 'full' }],
      ['its folder is denied', { user: { mode: 'basic' } }, { denied: ['/'] }],
    ])('or does not, where %s', async (_what, files, changed) => {
      installed('bwrap', 'rg');
      expect(await (await open(files)).follow(changed, at)).toBe('anew');
    });
  });

  it.each([[{ mode: 'strict' }], [{ flor: 'full' }]])('is not opened by settings such as %j', async (settings) => {
    expect(await failureOf({ user: settings })).toBe('config_invalid');
    expect(await failureOf({ user: {}, project: settings })).toBe('config_invalid');
  });
});

it('the temporary folder of a session is its own, or is not used', () => {
  const shared = join(root, 'tmp');
  const mine = new SessionTemp('mine', shared);
  mine.make();
  expect(() => mine.make()).not.toThrow();
  symlinkSync(root, join(mine.parent, 'linked'));
  mkdirSync(join(mine.parent, 'open'));
  chmodSync(join(mine.parent, 'open'), 0o777);
  for (const id of ['linked', 'open']) expect(() => new SessionTemp(id, shared).make()).toThrow(ForeignFolderError);
  chmodSync(mine.parent, 0o777);
  expect(() => mine.make()).toThrow(ForeignFolderError);
});
