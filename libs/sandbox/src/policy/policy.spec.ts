import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { SandboxSettings } from '@pizzapi/protocol';
import { Value } from 'typebox/value';
import { afterAll, describe, expect, it } from 'vitest';
import { SecretFolderError } from '../errors.js';
import { type Attempt, judge, refuseSecretFolder } from './judge.js';
import { realPath, type SandboxPlace, type SandboxPolicy, sandboxPolicy, stricterMode } from './policy.js';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'sandbox-policy-')));
const userHome = join(root, 'home');
const place: SandboxPlace = {
  cwd: join(userHome, 'project'),
  userHome,
  home: join(userHome, '.pizzapi'),
  temp: join(root, 'tmp', 'sessions', 'own'),
  sessionTemps: join(root, 'tmp', 'sessions'),
  sharedTemp: join(root, 'tmp'),
  hidden: [join(root, 'relay-data')],
  readable: [join(userHome, '.pizzapi', 'attachments', 'own')],
  ownPrograms: [join(root, 'tmp', 'programs')],
};
const file = (...path: string[]): void => {
  mkdirSync(join(userHome, ...path.slice(0, -1)), { recursive: true });
  writeFileSync(join(userHome, ...path), '');
};
mkdirSync(join(place.cwd, '.git', 'hooks'), { recursive: true });
mkdirSync(join(place.cwd, '.pi'));
file('project', '.pizzapi', 'config.json');
file('worktree', '.git');
file('.bashrc');
mkdirSync(join(userHome, '.aws'), { recursive: true });
symlinkSync(join(userHome, '.aws'), join(place.cwd, 'link'));
afterAll(() => rmSync(root, { recursive: true }));

const policy = (...layers: SandboxSettings[]): SandboxPolicy => sandboxPolicy(layers, place);
const reads = (it: SandboxPolicy, ...path: string[]) => judge(it, { kind: 'read', path: join(userHome, ...path) });
const writes = (it: SandboxPolicy, ...path: string[]) => judge(it, { kind: 'write', path: join(userHome, ...path) });

describe('settings', () => {
  it.each([
    [{ mode: 'strict' }],
    [{ mod: 'full' }],
    [{ allowedDomains: ['https://example.org'] }],
    [{ allowedDomains: ['*'] }],
    [{ writable: ['~/*.txt'] }],
    [{ denied: [''] }],
  ])('%j are refused', (settings) => expect(Value.Check(SandboxSettings, settings)).toBe(false));

  it('take hosts, whole domains and paths', () => {
    const settings = { allowedDomains: ['registry.npmjs.org', '*.example.org'], writable: ['~/.cache', '/srv', 'out'] };
    expect(Value.Check(SandboxSettings, settings)).toBe(true);
  });
});

describe('without settings', () => {
  const standard = policy();
  it('is basic', () => expect([standard.mode, standard.floor]).toEqual(['basic', 'none']));
  it.each([
    ['.ssh/id_rsa'],
    ['.aws'],
    ['.config/gh/hosts.yml'],
    ['.claude.json'],
    ['.gemini/oauth_creds.json'],
    ['.local/share/fish/fish_history'],
    ['.config/Signal/config.json'],
    ['.var/app/org.mozilla.firefox/cookies.sqlite'],
    ['.cache/huggingface/token'],
    ['.pizzapi/plugins-of-mine'],
    ['../tmp/sessions/other'],
    ['../tmp/a'],
    ['.pizzapi/attachments/other/a'],
  ])('%s is secret', (path) => expect(reads(standard, path)).toBe('secrets'));
  it.each([['.pizzapi/config.json'], ['.pizzapi/agent/auth.json'], ['../relay-data/key']])('%s is denied', (path) =>
    expect(reads(standard, path)).toBe('denied'),
  );
  it.each([
    ['.bashrc'],
    ['project/a'],
    ['../tmp/sessions/own/a'],
    ['../tmp/programs/a'],
    ['.pizzapi/agent/skills/a/SKILL.md'],
    ['.pizzapi/attachments/own/a'],
  ])('%s can be read', (path) => expect(reads(standard, path)).toBeNull());
  it('writes stay in the working and the temporary folder', () => {
    expect(writes(standard, 'project', 'src', 'a.ts')).toBeNull();
    expect(writes(standard, '..', 'tmp', 'sessions', 'own', 'a')).toBeNull();
    expect(writes(standard, 'project-2', 'a')).toBe('writable');
    expect(writes(standard, '.ssh', 'config')).toBe('secrets');
    expect(writes(standard, 'project', '.git', 'hooks', 'pre-commit')).toBe('fixed');
  });
});

describe('a working folder', () => {
  const at = (path: string, settings: SandboxSettings = {}): SandboxPolicy =>
    sandboxPolicy([settings], { ...place, cwd: join(userHome, path) });
  const start =
    (path: string, settings: SandboxSettings = {}) =>
    () =>
      refuseSecretFolder(at(path, settings), join(userHome, path));

  it.each([['.ssh'], ['.aws/sub'], ['.pizzapi'], ['.pizzapi/services/mine'], ['../tmp/sessions/other']])(
    'among secrets is none, and opens nothing: %s',
    (path) => {
      expect(start(path)).toThrow(SecretFolderError);
      expect(reads(at(path), path, 'a')).toBe('secrets');
      expect(writes(at(path), path, 'a')).toBe('secrets');
    },
  );

  it.each([['.pizzapi/agent/sessions'], ['../relay-data']])('of ours is none, whatever is readable: %s', (path) => {
    expect(start(path, { readable: ['~', '/'] })).toThrow('belongs to PizzaPi itself');
    expect(reads(at(path), path, 'a')).toBe('denied');
  });

  it('is where its links lead', () => expect(start('project/link')).toThrow(SecretFolderError));

  it('may be where the user made secrets readable', () => {
    expect(start('.aws', { readable: ['~/.aws'] })).not.toThrow();
    expect(writes(at('.aws', { readable: ['~/.aws'] }), '.aws', 'a')).toBeNull();
  });

  it('may be a folder of its own in our home, and opens nothing else there', () => {
    expect(start('.pizzapi/code/app')).not.toThrow();
    expect(writes(at('.pizzapi/code/app'), '.pizzapi/code/app/a')).toBeNull();
    for (const path of ['.pizzapi/code/other', '.pizzapi/services/a', '.pizzapi/consents/a'])
      expect(reads(at('.pizzapi/code/app'), path)).toBe('secrets');
  });

  it('may be in the folder of temporary files, and holds nothing of other sessions', () => {
    expect(start('../tmp/mine')).not.toThrow();
    expect(writes(at('../tmp/mine'), '../tmp/mine/a')).toBeNull();
    expect(reads(at('../tmp/mine'), '../tmp/others')).toBe('secrets');
    expect(reads(at('../tmp'), '../tmp/sessions/other/a')).toBe('secrets');
  });

  it('that holds secrets does not open them, nor do our own folders', () => {
    expect(reads(at('.'), '.ssh/id_rsa')).toBe('secrets');
    expect(writes(at('.'), 'project/a')).toBeNull();
    expect(reads(at('.pizzapi'), '.pizzapi/config.json')).toBe('denied');
  });

  it.each([['.claude/plugins/a'], ['.agents/plugins/a'], ['.claude/agents/a.md'], ['.pizzapi/plugins/a'], ['.bashrc']])(
    'of any kind, also what can be written besides, leaves as it is what others obey: %s',
    (path) => {
      expect(writes(at('.'), path)).toBe('fixed');
      expect(writes(at('..'), path)).toBe('fixed');
      expect(writes(policy({ writable: ['~'] }), path)).toBe('fixed');
    },
  );

  it.each([['project/.pizzapi/config.json'], ['project/.pi/extensions/a.ts'], ['project/.git/hooks/a']])(
    'leaves as it is what says how agents work in it: %s',
    (path) => expect(writes(policy(), path)).toBe('fixed'),
  );

  it('leaves as it is what the session uses of the project', () => {
    const kept = join(place.cwd, '.claude', 'plugins', 'kit');
    expect(writes(sandboxPolicy([], { ...place, kept: [kept] }), 'project/.claude/plugins/kit/a.sh')).toBe('fixed');
    expect(writes(sandboxPolicy([], { ...place, kept: [kept] }), 'project/.claude/plugins/other/a.sh')).toBeNull();
  });

  it('that is a worktree keeps its repository', () => {
    expect(writes(at('worktree'), 'worktree/.git')).toBe('fixed');
    expect(writes(policy(), 'project/.git/index')).toBeNull();
    expect(writes(policy(), 'project/.git/commondir')).toBe('fixed');
  });
});

it('a path is real also when its file is gone meanwhile, or was never to be seen', () => {
  expect(realPath(join(place.cwd, 'link', 'gone', 'a'))).toBe(join(userHome, '.aws', 'gone', 'a'));
  symlinkSync('loop', join(root, 'loop'));
  expect(realPath(join(root, 'loop', 'a'))).toBe(join(root, 'loop', 'a'));
});

describe('settings of the user', () => {
  it('open secrets, and more places to write', () => {
    const mine = policy({ readable: ['~/.aws'], writable: ['~/.cache', '~/.ssh'] });
    expect(reads(mine, '.aws', 'credentials')).toBeNull();
    expect(writes(mine, '.aws', 'credentials')).toBe('writable');
    expect(writes(mine, '.cache', 'a')).toBeNull();
    expect(writes(mine, '.ssh', 'config')).toBe('secrets');
  });

  it('deny, over everything else', () => {
    const mine = policy({ denied: ['.', '~/.aws'], readable: ['~/.aws'] });
    expect(reads(mine, 'project', 'a')).toBe('denied');
    expect(reads(mine, '.aws', 'config')).toBe('denied');
  });

  it('raise the mode to the floor', () => expect(policy({ mode: 'none', floor: 'full' }).mode).toBe('full'));

  it('follow links: what a path is called does not count', () =>
    expect(reads(policy({ denied: ['link'] }), '.aws', 'config')).toBe('denied'));
});

describe('an inner layer', () => {
  const outer: SandboxSettings = { mode: 'full', allowedDomains: ['*.example.org'], writable: ['~/.cache'] };
  it.each<[SandboxSettings]>([[{ mode: 'none' }], [{ mode: 'basic' }]])('cannot take away with %j', (inner) =>
    expect(policy(outer, inner).mode).toBe('full'),
  );
  it('can narrow a list, not widen it', () => {
    const inner = policy(outer, { allowedDomains: ['git.example.org', 'evil.org'], writable: ['~/.cache/npm', '~'] });
    expect(inner.allowedDomains).toEqual(['git.example.org']);
    expect(inner.writable).toEqual([join(userHome, '.cache'), join(userHome, '.cache', 'npm')]);
    expect(policy(outer, { allowedDomains: [] }).allowedDomains).toEqual([]);
  });
  it('adds nothing where the outer one says nothing', () =>
    expect(policy({}, { writable: ['/'], readable: ['/'] })).toMatchObject({ writable: [], readable: [] }));
});

describe('whatever the settings', () => {
  const path = fc.constantFrom(
    '~',
    '~/.ssh',
    '~/.ssh/id_rsa',
    '~/.aws',
    '~/.cache',
    '~/.cache/npm',
    '/',
    '/srv',
    '.',
    'out',
  );
  const domain = fc.constantFrom('example.org', '*.example.org', 'git.example.org', '*.git.example.org', 'other.net');
  const mode = fc.constantFrom('none', 'basic', 'full');
  const settings: fc.Arbitrary<SandboxSettings> = fc.record(
    {
      mode,
      floor: mode,
      allowedDomains: fc.array(domain, { maxLength: 3 }),
      readable: fc.array(path, { maxLength: 3 }),
      writable: fc.array(path, { maxLength: 3 }),
      denied: fc.array(path, { maxLength: 2 }),
    },
    { requiredKeys: [] },
  );
  const somewhere = fc
    .constantFrom(
      '.ssh/id_rsa',
      '.aws/config',
      '.cache/npm/a',
      '.cache/b',
      'project/out/a',
      'project/.git/hooks/a',
      'x',
    )
    .map((below) => join(userHome, below));
  const attempt: fc.Arbitrary<Attempt> = fc.oneof(
    fc.record({ kind: fc.constantFrom('read', 'write'), path: fc.oneof(somewhere, fc.constant('/srv/a')) }),
    fc.record({
      kind: fc.constant('connect'),
      host: fc.constantFrom('example.org', 'git.example.org', 'a.git.example.org', 'other.net'),
    }),
  );

  // 800 policies follow links of a real folder; a machine that does much else takes its time.
  const WITHIN_MS = 120_000;

  it(
    'one more layer permits nothing that those before it forbid',
    () =>
      fc.assert(
        fc.property(fc.array(settings, { minLength: 1, maxLength: 3 }), settings, attempt, (layers, inner, what) => {
          const before = policy(...layers);
          const after = policy(...layers, inner);
          if (judge(before, what) !== null) expect(judge(after, what)).not.toBeNull();
          expect(stricterMode(before.mode, after.mode)).toBe(after.mode);
          expect(stricterMode(before.floor, after.floor)).toBe(after.floor);
        }),
        { numRuns: 400 },
      ),
    WITHIN_MS,
  );

  it('the same layer twice changes nothing', () =>
    fc.assert(
      fc.property(settings, attempt, (layer, what) => {
        expect(judge(policy(layer, layer), what)).toBe(judge(policy(layer), what));
      }),
    ));
});
