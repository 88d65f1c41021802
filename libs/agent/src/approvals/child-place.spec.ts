import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SandboxPolicy, sandboxPolicy } from '@pizzapi/sandbox';
import { describe, expect, it } from 'vitest';
import type { ApprovalRule } from '@pizzapi/protocol';
import { childPlaceLayers, type SessionPlace, withRealFolder } from './child-place.js';
import { decide } from './decide.js';
import { Grants } from './grants.js';

const sandbox = sandboxPolicy([{ writable: ['/srv/other'] }], {
  cwd: '/srv/app',
  userHome: '/home/ada',
  home: '/home/ada/.pizzapi',
  temp: '/nowhere/temps/own',
  sessionTemps: '/nowhere/temps',
  sharedTemp: '/nowhere',
  hidden: [],
  readable: [],
  ownPrograms: [],
});

const place: SessionPlace = { folder: '/srv/app', runnerId: 'mine', sandbox };

function actionFor(
  where: { cwd?: string | undefined; runnerId?: string },
  rules: ApprovalRule[] = [],
  ofProject: ApprovalRule[] = [],
): string {
  const args = { prompt: 'Go.', ...where };
  const call = { toolName: 'spawn_session', args, cwd: '/srv/app', sessionFolder: '/srv/app' };
  const policy = [
    { source: 'user', settings: { rules } },
    { source: 'project', settings: { rules: ofProject } },
  ];
  const whole = { ...call, home: '/home/ada' };
  return decide([...policy, ...childPlaceLayers(policy, whole, place)], whole).action;
}

describe('a child session', () => {
  it.each([[undefined], ['/srv/app'], ['/srv/app/part'], ['/srv/other/part'], ['part']])(
    'starts unasked where its parent may write: %s',
    (cwd) => {
      expect(actionFor({ cwd })).toBe('allow');
      expect(actionFor({ cwd, runnerId: 'mine' })).toBe('allow');
    },
  );
  it.each([['/srv'], ['/srv/app-2'], ['/srv/app/../b'], ['/home/ada'], ['/home/ada/.ssh'], ['../b']])(
    'is asked about elsewhere: %s',
    (cwd) => expect(actionFor({ cwd })).toBe('ask'),
  );
  it.each([[undefined], ['/srv/app']])('is asked about on another runner, in whichever folder: %s', (cwd) =>
    expect(actionFor({ cwd, runnerId: 'other' })).toBe('ask'),
  );

  it('is as a rule of the user says, not as one of the project does', () => {
    const allow: ApprovalRule = { tool: 'spawn_session', action: 'allow' };
    for (const where of [{ cwd: '/srv' }, { runnerId: 'other' }]) {
      expect(actionFor(where, [allow])).toBe('allow');
      expect(actionFor(where, [], [allow])).toBe('ask');
      expect(actionFor(where, [{ ...allow, action: 'deny' }])).toBe('deny');
    }
  });

  it('starts where its folder really is, wherever a link in it leads later', () => {
    const root = realpathSync(mkdtempSync(join(tmpdir(), 'child-folder-')));
    try {
      mkdirSync(join(root, 'real'));
      symlinkSync(join(root, 'real'), join(root, 'link'));
      const starting = (args: object, policy: SandboxPolicy | null = sandbox): unknown =>
        withRealFolder({ toolName: 'spawn_session', args }, { folder: root, runnerId: 'mine', sandbox: policy });
      expect(starting({ prompt: 'Go.', cwd: join(root, 'link') })).toEqual({ prompt: 'Go.', cwd: join(root, 'real') });
      expect(starting({ cwd: 'link/part' })).toEqual({ cwd: join(root, 'real', 'part') });
      const named = { cwd: join(root, 'link'), runnerId: 'mine' };
      expect(starting(named)).toEqual({ ...named, cwd: join(root, 'real') });
      expect(starting({ cwd: join(root, 'real') })).toBeNull();
      expect(starting({ prompt: 'Go.' })).toBeNull();
      // Links of another machine are its own, and who is not confined may go where they like.
      expect(starting({ cwd: join(root, 'link'), runnerId: 'other' })).toBeNull();
      expect(starting({ cwd: join(root, 'link') }, null)).toBeNull();
    } finally {
      rmSync(root, { recursive: true });
    }
  });

  it('is not asked about where nothing is confined', () => {
    const call = {
      toolName: 'spawn_session',
      args: { cwd: '/', runnerId: 'other' },
      cwd: '/srv',
      sessionFolder: '/srv',
      home: '/home/ada',
    };
    expect(childPlaceLayers([], call, { ...place, sandbox: null })).toEqual([]);
  });

  it('may be allowed for the rest of the session', () => {
    const call = {
      toolName: 'spawn_session',
      args: { cwd: '/' },
      cwd: '/srv',
      sessionFolder: '/srv',
      home: '/home/ada',
    };
    const policy = childPlaceLayers([], call, place);
    const { rule } = decide(policy, call);
    const grants = new Grants();
    if (rule) grants.add(rule);
    expect(decide(grants.applyTo(policy), call).action).toBe('allow');
  });
});
