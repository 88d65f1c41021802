import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { problemCodeOf } from '../relay-link/answering.js';
import { readApprovalPolicy } from './approval-config.js';

let home: string;
let configFile: string;

beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'approval-config-')));
  configFile = join(home, '.pizzapi', 'config.json');
});
afterEach(() => rmSync(home, { recursive: true }));

function write(path: string, content: unknown): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
}

function folder(...names: string[]): string {
  const path = join(home, ...names);
  mkdirSync(path, { recursive: true });
  return path;
}

const asking = { approvals: { rules: [{ tool: 'bash', action: 'ask' }], deadlineMs: 60_000 } };

describe('approvals in config.json', () => {
  it('are none where there is no file', () => {
    expect(readApprovalPolicy(configFile, folder('project'), null, home)).toEqual([
      { source: '~/.pizzapi/config.json', settings: {} },
      { source: '~/project/.pizzapi/config.json', settings: {} },
    ]);
  });

  it("are the user's, then those of the folder and of all above it, wherever a repository begins", () => {
    const cwd = folder('code', 'app', 'packages', 'web');
    folder('code', 'app', 'packages', 'web', '.git');
    write(configFile, { relayUrl: 'off', ...asking });
    write(join(home, 'code', 'app', '.pizzapi', 'config.json'), { approvals: { deadlineMs: 5_000 } });
    expect(readApprovalPolicy(configFile, cwd, null, home)).toEqual([
      { source: '~/.pizzapi/config.json', settings: asking.approvals },
      { source: '~/code/.pizzapi/config.json', settings: {} },
      { source: '~/code/app/.pizzapi/config.json', settings: { deadlineMs: 5_000 } },
      { source: '~/code/app/packages/.pizzapi/config.json', settings: {} },
      { source: '~/code/app/packages/web/.pizzapi/config.json', settings: {} },
    ]);
  });

  it("come before the organisation's, which speaks where the user is silent and otherwise only tightens", () => {
    const cwd = folder('project');
    const ofOrganisation = {
      rules: [{ tool: 'write', action: 'deny' as const }],
      deadlineMs: 1_000,
      parentsMayAnswer: true,
    };
    write(configFile, asking);
    expect(readApprovalPolicy(configFile, cwd, ofOrganisation, home)).toEqual([
      { source: '~/.pizzapi/config.json', settings: { ...asking.approvals, parentsMayAnswer: true } },
      { source: "your organisation's policy", settings: ofOrganisation },
      { source: '~/project/.pizzapi/config.json', settings: {} },
    ]);
  });

  it('are not read from a folder in which everybody may put files, nor from above it', () => {
    const cwd = folder('shared', 'app');
    write(join(home, 'shared', '.pizzapi', 'config.json'), 'anybody may have put it there');
    chmodSync(join(home, 'shared'), 0o1777);
    expect(readApprovalPolicy(configFile, cwd, null, '/nobody').map(({ source }) => source)).toEqual([
      configFile,
      join(cwd, '.pizzapi', 'config.json'),
    ]);
  });

  it('are such as the documentation shows', () => {
    const document = readFileSync(new URL('../../../../docs/approvals.md', import.meta.url), 'utf8');
    write(configFile, /```json\n([^]*?)```/.exec(document)?.[1] ?? '');
    const [users] = readApprovalPolicy(configFile, folder('project'), null, home);
    expect(users?.settings.rules?.length).toBeGreaterThan(3);
  });

  it('may stand beside what other programs keep in the file', () => {
    write(configFile, { ...asking, hosts: [], skills: {}, appendSystemPrompt: 'Be brief.' });
    expect(readApprovalPolicy(configFile, folder('project'), null, home)[0]?.settings).toEqual(asking.approvals);
  });

  it.each([
    ['a pipe', (path: string) => execFileSync('mkfifo', [path]), 'it is no regular file'],
    ['a device', (path: string) => symlinkSync('/dev/zero', path), 'it is no regular file'],
    ['a file without end', (path: string) => writeFileSync(path, ' '.repeat(1_100_000)), 'more than 1048576 bytes'],
  ])('that are %s keep nobody waiting', (_what, make, words) => {
    const cwd = folder('project', '.pizzapi');
    make(join(cwd, 'config.json'));
    const reading = () => readApprovalPolicy(configFile, dirname(cwd), null, home);
    expect(reading).toThrow(expect.objectContaining({ code: 'config_invalid' }));
    expect(reading).toThrow(words);
  });

  it.each([
    ['{', 'is not valid JSON'],
    [
      { approvals: { rules: [{ tool: 'bash', action: 'forbid' }] } },
      'field approvals.rules.0.action: is none of "allow", "ask", "deny"; correct',
    ],
    [
      { approvals: { rules: [{ tool: 'bash', patern: 'rm *', action: 'deny' }] } },
      'field approvals.rules.0.patern: is not known; correct or remove it',
    ],
    [{ approvals: { deadlineMs: 0 } }, 'field approvals.deadlineMs: must be >= 1000'],
    [{ approvals: { rule: [] } }, 'field approvals.rule: is not known'],
    [{ aprovals: { rules: [] } }, 'field aprovals: is not known; write "approvals", or take it out'],
    [{ Sandbox: { mode: 'full' } }, 'field Sandbox: is not known; write "sandbox"'],
    [{ sandobx: { mode: 'full' } }, 'field sandobx: is not known; write "sandbox"'],
    [{ hook: { failClosed: true } }, 'field hook: is not known; write "hooks"'],
  ])('that cannot be understood count as none of them: %j', (content, words) => {
    const cwd = folder('project');
    write(join(cwd, '.pizzapi', 'config.json'), content);
    const reading = () => readApprovalPolicy(configFile, cwd, null, home);
    expect(reading).toThrow(words);
    expect(reading).toThrow(join(cwd, '.pizzapi', 'config.json'));
    try {
      reading();
    } catch (error) {
      expect(problemCodeOf(error)).toBe('config_invalid');
    }
  });
});
