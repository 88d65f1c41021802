import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SandboxPolicy, sandboxPolicy } from '@pizzapi/sandbox';
import { describe, expect, it } from 'vitest';
import type { ApprovalRule } from '@pizzapi/protocol';
import { childFolderLayers, withRealFolder } from './child-folder.js';
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

function actionFor(cwd: string | undefined, rules: ApprovalRule[] = [], ofProject: ApprovalRule[] = []): string {
  const call = { toolName: 'spawn_session', args: { prompt: 'Go.', cwd }, cwd: '/srv/app', sessionFolder: '/srv/app' };
  const policy = [
    { source: 'user', settings: { rules } },
    { source: 'project', settings: { rules: ofProject } },
  ];
  const whole = { ...call, home: '/home/ada' };
  return decide([...policy, ...childFolderLayers(policy, whole, sandbox)], whole).action;
}

describe('a child session', () => {
  it.each([[undefined], ['/srv/app'], ['/srv/app/part'], ['/srv/other/part'], ['part']])(
    'starts unasked where its parent may write: %s',
    (cwd) => expect(actionFor(cwd)).toBe('allow'),
  );
  it.each([['/srv'], ['/srv/app-2'], ['/srv/app/../b'], ['/home/ada'], ['/home/ada/.ssh'], ['../b']])(
    'is asked about elsewhere: %s',
    (cwd) => expect(actionFor(cwd)).toBe('ask'),
  );

  it('is as a rule of the user says, not as one of the project does', () => {
    const allow: ApprovalRule = { tool: 'spawn_session', action: 'allow' };
    expect(actionFor('/srv', [allow])).toBe('allow');
    expect(actionFor('/srv', [], [allow])).toBe('ask');
    expect(actionFor('/srv', [{ ...allow, action: 'deny' }])).toBe('deny');
  });

  it('starts where its folder really is, wherever a link in it leads later', () => {
    const root = realpathSync(mkdtempSync(join(tmpdir(), 'child-folder-')));
    try {
      mkdirSync(join(root, 'real'));
      symlinkSync(join(root, 'real'), join(root, 'link'));
      const starting = (args: object, policy: SandboxPolicy | null = sandbox): unknown =>
        withRealFolder({ toolName: 'spawn_session', args }, root, policy);
      expect(starting({ prompt: 'Go.', cwd: join(root, 'link') })).toEqual({ prompt: 'Go.', cwd: join(root, 'real') });
      expect(starting({ cwd: 'link/part' })).toEqual({ cwd: join(root, 'real', 'part') });
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
      args: { cwd: '/' },
      cwd: '/srv',
      sessionFolder: '/srv',
      home: '/home/ada',
    };
    expect(childFolderLayers([], call, null)).toEqual([]);
  });

  it('may be allowed for the rest of the session', () => {
    const call = {
      toolName: 'spawn_session',
      args: { cwd: '/' },
      cwd: '/srv',
      sessionFolder: '/srv',
      home: '/home/ada',
    };
    const policy = childFolderLayers([], call, sandbox);
    const { rule } = decide(policy, call);
    const grants = new Grants();
    if (rule) grants.add(rule);
    expect(decide(grants.applyTo(policy), call).action).toBe('allow');
  });
});
