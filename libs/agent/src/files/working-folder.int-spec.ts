import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checkSandbox } from '@pizzapi/sandbox';
import { compileLibs, type CompiledLibs, startScriptedModel, type ScriptedModel, waitFor } from '@pizzapi/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { confinedSetup } from '../../testing/sandbox-fixture.js';
import { SessionFixture } from '../../testing/session-fixture.js';
import { listFiles } from './list-files.js';

const check = await checkSandbox({ mode: 'basic' });
let libs: CompiledLibs;
let model: ScriptedModel;
let fixture: SessionFixture;

beforeAll(async () => (libs = await compileLibs('sandbox')));
afterAll(() => libs[Symbol.asyncDispose]());
beforeEach(async () => {
  model = await startScriptedModel();
  fixture = await SessionFixture.create(model.modelsJson);
  for (const file of ['src/main.ts', 'src/app/map.ts', 'docs/my notes.md', '.github/ci.yml', 'out/main.js', 'node.log'])
    write(file);
  write('.gitignore', 'out/\n*.log\n');
  write('.git/HEAD', 'ref: refs/heads/main\n');
  write('../beside.ts');
  symlinkSync(fixture.home, join(fixture.cwd, 'outward'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await fixture[Symbol.asyncDispose]();
  await model.close();
});

function write(path: string, content = ''): void {
  mkdirSync(dirname(join(fixture.cwd, path)), { recursive: true });
  writeFileSync(join(fixture.cwd, path), content);
}

const EVERYTHING = [
  'src/',
  'docs/',
  '.github/',
  '.gitignore',
  'src/app/',
  'src/main.ts',
  '.github/ci.yml',
  'docs/my notes.md',
  'src/app/map.ts',
];

describe('files that a person may name to an agent', () => {
  it.skipIf(!check.isEnforceable)(
    'are those of its folder that its tools may read, without what git ignores',
    async () => {
      write('src/private.ts');
      const settings = { denied: [join(fixture.cwd, 'src', 'private.ts')] };
      const { host } = await fixture.started({ sandbox: confinedSetup(fixture, libs.folder, settings) });
      const found = async (query: string, limit = 100): Promise<string[]> =>
        (await host.findFiles(query, limit)).files.map(({ path, isFolder }) => (isFolder ? `${path}/` : path));
      const all = await found('');
      expect(all).toEqual(expect.arrayContaining(EVERYTHING));
      for (const hidden of ['src/private.ts', 'out/main.js', 'node.log', 'outward/']) expect(all).not.toContain(hidden);
      expect(all.some((path) => path.startsWith('.git/') || path.includes('beside'))).toBe(false);
      expect(await found('private')).toEqual([]);
      expect(await found('mp')).toEqual(['src/app/map.ts']);
      expect(await found('', 2)).toEqual(all.slice(0, 2));
      // The next look finds what is new.
      write('src/new-one.ts');
      await waitFor(async () => (await found('new-one')).length === 1, { description: 'the new file is found' });
    },
  );

  it('are the same without a wall, by git where ripgrep is missing, and a sentence where both are', async () => {
    const names = async (): Promise<string[]> => (await listFiles(fixture.cwd, null)).paths.sort();
    const files = EVERYTHING.filter((path) => !path.endsWith('/')).sort();
    expect(await names()).toEqual(files);
    execFileSync('git', ['init', '-q', fixture.cwd]);
    const git = execFileSync('which', ['git']).toString().trim();
    const bin = join(fixture.home, 'bin');
    mkdirSync(bin);
    symlinkSync(git, join(bin, 'git'));
    vi.stubEnv('PATH', bin);
    // Git lists the link, which leads nowhere by itself.
    expect((await names()).filter((path) => path !== 'outward')).toEqual(files);
    vi.stubEnv('PATH', '');
    await expect(names()).rejects.toThrow(/install ripgrep/);
  });
});
