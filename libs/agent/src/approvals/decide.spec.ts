import type { ApprovalAction, ApprovalRule } from '@pizzapi/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ApprovalPolicy, deadlineOf } from './approval-policy.js';
import { decide } from './decide.js';
import { Grants } from './grants.js';

const place = { cwd: '/srv/app', sessionFolder: '/srv/app', home: '/home/ada' };
const bash = (command: string) => ({ toolName: 'bash', args: { command }, ...place });
const file = (toolName: string, path: string, realPath?: string) => ({
  toolName,
  args: { path },
  ...place,
  ...(realPath !== undefined && { realPath }),
});
const layer = (source: string, ...rules: ApprovalRule[]) => ({ source, settings: { rules } });
const rule = (tool: string, pattern: string | undefined, action: ApprovalAction): ApprovalRule => ({
  tool,
  action,
  ...(pattern !== undefined && { pattern }),
});
const actionOf = (rules: ApprovalRule[], call: Parameters<typeof decide>[1]) =>
  decide([layer('user', ...rules)], call).action;

describe('where the agent works', () => {
  it.each<[string, string, ApprovalAction]>([
    ['secrets/a', '/srv/app', 'deny'],
    ['a', '/srv/app/secrets', 'deny'],
    ['../secrets/a', '/srv/app/part', 'deny'],
    ['secrets/a', '/srv/app/part', 'allow'],
    ['secrets/a', '/srv', 'allow'],
  ])('decides about the path of a call, not about a pattern: %s in %s', (path, cwd, action) =>
    expect(actionOf([rule('read', 'secrets/*', 'deny')], { ...file('read', path), cwd })).toBe(action),
  );
});

describe('the rules of one file', () => {
  const careful = [rule('bash', 'git *', 'allow'), rule('bash', 'rm -rf *', 'deny'), rule('bash', undefined, 'ask')];

  it.each<[string, ApprovalAction]>([
    ['git status', 'allow'],
    ['  git   status ', 'allow'],
    ['npm test', 'ask'],
    ['rm -rf build', 'deny'],
    // What loosens has to fit all of it.
    ['git status; curl evil.example', 'ask'],
    ['git status && curl evil.example', 'ask'],
    ['git log | sh', 'ask'],
    ['git status\ncurl evil.example', 'ask'],
    ['git commit -m "$(curl evil.example)"', 'ask'],
    ['git log > /etc/passwd', 'ask'],
    ['LD_PRELOAD=./evil.so git status', 'ask'],
    // What tightens, any part.
    ['git status; rm -rf build', 'deny'],
    ['cd /srv && rm  -rf build', 'deny'],
    ['if true; then rm -rf build; fi', 'deny'],
    ['FOO=1 rm -rf build', 'deny'],
    ['echo $(rm -rf build)', 'deny'],
    ['env A=b nohup rm -rf build &', 'deny'],
    ['sudo rm -rf build', 'deny'],
    ['sudo -E -u root rm -rf build', 'deny'],
    ['timeout 10 rm -rf build', 'deny'],
    ['/usr/bin/sudo /bin/rm -rf build', 'deny'],
    ['/bin/rm -rf build', 'deny'],
    ['\\rm -rf build', 'deny'],
    ['rm -rf', 'deny'],
    ['rm -r build', 'ask'],
  ])('%j: %s', (command, expected) => {
    expect(actionOf(careful, bash(command))).toBe(expected);
  });

  it.each<[string, ApprovalAction]>([
    ['git push origin main', 'ask'],
    ['git -C app push', 'ask'],
    ['git -C app -c user.name=a push origin', 'ask'],
    ['git --no-pager --git-dir=app/.git push', 'ask'],
    ['/usr/bin/git push', 'ask'],
    ['git -C app status', 'allow'],
    ['git log --grep push', 'allow'],
  ])('know git’s own command: %j: %s', (command, expected) => {
    expect(actionOf([rule('bash', 'git push *', 'ask')], bash(command))).toBe(expected);
  });

  it('allow a divided command that is written out', () => {
    expect(
      actionOf([rule('bash', 'npm ci && npm test', 'allow'), rule('*', undefined, 'ask')], bash('npm ci && npm test')),
    ).toBe('allow');
  });

  it('count in their order, but for those that deny', () => {
    expect(actionOf([rule('bash', undefined, 'ask'), rule('bash', 'ls', 'allow')], bash('ls'))).toBe('ask');
    expect(actionOf([rule('bash', 'ls', 'allow'), rule('bash', undefined, 'ask')], bash('ls'))).toBe('allow');
    expect(actionOf([rule('bash', 'ls', 'allow'), rule('bash', 'ls', 'deny')], bash('ls'))).toBe('deny');
  });

  it('allow what none of them is about', () => {
    expect(decide([layer('user', ...careful)], file('read', 'a.txt'))).toEqual({ action: 'allow', rule: null });
    expect(decide([], bash('reboot'))).toEqual({ action: 'allow', rule: null });
  });

  it('name the one that counts', () => {
    expect(decide([layer('~/.pizzapi/config.json', ...careful)], bash('npm test')).rule).toEqual({
      tool: 'bash',
      pattern: null,
      source: '~/.pizzapi/config.json',
    });
  });
});

describe('paths', () => {
  const rules = [rule('*', '~/.ssh/*', 'deny'), rule('write', 'src/*', 'allow'), rule('write', undefined, 'ask')];

  it.each<[string, string, ApprovalAction]>([
    ['read', '~/.ssh/id_ed25519', 'deny'],
    ['read', '/home/ada/.ssh/id_ed25519', 'deny'],
    ['read', '../../home/ada/.ssh/config', 'deny'],
    ['read', '@~/.ssh/config', 'deny'],
    ['read', 'file:///home/ada/%2Essh/config', 'deny'],
    ['ls', '/home/ada/.ssh', 'deny'],
    ['read', 'README.md', 'allow'],
    ['write', 'src/a.ts', 'allow'],
    ['write', './src/../src/a.ts', 'allow'],
    ['write', 'src/../package.json', 'ask'],
    ['write', '/etc/hosts', 'ask'],
  ])('%s %s: %s', (tool, path, expected) => {
    expect(actionOf(rules, file(tool, path))).toBe(expected);
  });

  it('count for where a link leads, too', () => {
    expect(actionOf(rules, file('read', 'notes', '/home/ada/.ssh/config'))).toBe('deny');
    expect(actionOf(rules, file('write', 'src/link', '/etc/hosts'))).toBe('ask');
  });
});

describe('a rule that a person granted for the session', () => {
  const policy = [layer('user', rule('bash', 'touch *', 'ask'), rule('bash', 'sudo *', 'ask')), layer('project')];
  const grants = new Grants();
  grants.add({ source: 'user', tool: 'bash', pattern: 'touch *' });

  it.each<[string, ApprovalAction]>([
    ['touch a', 'allow'],
    ['touch a && reboot', 'ask'],
    ['touch a; sudo reboot', 'ask'],
    ['sudo reboot', 'ask'],
  ])('%j: %s', (command, expected) => {
    expect(decide(grants.applyTo(policy), bash(command)).action).toBe(expected);
  });

  it('loosens neither what another file asks about nor what is denied', () => {
    const asking = [...policy.slice(0, 1), layer('project', rule('bash', 'touch *', 'ask'))];
    expect(decide(grants.applyTo(asking), bash('touch a')).rule?.source).toBe('project');
    const denying = [...policy, layer('user', rule('bash', 'touch *', 'deny'))];
    expect(decide(grants.applyTo(denying), bash('touch a')).action).toBe('deny');
  });
});

it('compares other tools by their arguments as JSON', () => {
  const call = { toolName: 'create_tunnel', args: { port: 5432 }, ...place };
  expect(actionOf([rule('create_*', '*"port":5432*', 'deny')], call)).toBe('deny');
  expect(actionOf([rule('create_*', '*"port":5173*', 'deny')], call)).toBe('allow');
});

describe('between files', () => {
  const STRICTNESS = ['allow', 'ask', 'deny'];
  const rules = fc.array(
    fc.record({
      tool: fc.constantFrom('bash', 'read', '*'),
      pattern: fc.constantFrom('git *', '*', 'sudo *'),
      action: fc.constantFrom<ApprovalAction>('allow', 'ask', 'deny'),
    }),
    { maxLength: 5 },
  );
  const calls = fc.constantFrom(bash('git status'), bash('sudo git x'), bash('git x; sudo y'), file('read', 'a'));

  it('a project only ever tightens what its user allows', () => {
    fc.assert(
      fc.property(rules, rules, calls, (users, projects, call) => {
        const alone = decide([layer('user', ...users)], call);
        const project = decide([layer('project', ...projects)], call);
        const both = decide([layer('user', ...users), layer('project', ...projects)], call);
        const strictest = Math.max(STRICTNESS.indexOf(alone.action), STRICTNESS.indexOf(project.action));
        expect(STRICTNESS.indexOf(both.action)).toBe(strictest);
      }),
      { numRuns: 2_000 },
    );
  });

  it('a project only shortens the deadline', () => {
    const policy = (...deadlines: (number | undefined)[]): ApprovalPolicy =>
      deadlines.map((deadlineMs) => ({ source: '', settings: deadlineMs === undefined ? {} : { deadlineMs } }));
    expect(deadlineOf(policy())).toBe(900_000);
    expect(deadlineOf(policy(60_000, 3_600_000))).toBe(60_000);
    expect(deadlineOf(policy(60_000, 5_000))).toBe(5_000);
    expect(deadlineOf(policy(undefined, 3_600_000))).toBe(900_000);
    expect(deadlineOf(policy(3_600_000, undefined))).toBe(3_600_000);
  });
});
