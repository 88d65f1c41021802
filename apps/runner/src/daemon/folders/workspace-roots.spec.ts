import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listFolder } from './folder-listing.js';
import { resolveWorkspaceFolder } from './workspace-roots.js';

let base: string;
let roots: string[];

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'roots-')));
  for (const folder of ['code/app/.git', 'code/.cache', 'code/zeta', 'code-secret', 'outside/deep']) {
    mkdirSync(join(base, folder), { recursive: true });
  }
  writeFileSync(join(base, 'code', 'notes.txt'), '');
  symlinkSync(join(base, 'outside'), join(base, 'code', 'way-out'));
  symlinkSync(join(base, 'code', 'app'), join(base, 'code', 'way-in'));
  symlinkSync(join(base, 'code', 'app'), join(base, 'outside', 'back-in'));
  roots = [join(base, 'code')];
});
afterEach(() => rmSync(base, { recursive: true }));

describe('workspace roots', () => {
  it.each([
    ['code', 'code'],
    ['code/app', 'code/app'],
    ['code/zeta/../app/', 'code/app'],
    ['code/way-in', 'code/app'],
    ['outside/back-in', 'code/app'],
  ])('lets %s in', async (path, real) => {
    await expect(resolveWorkspaceFolder(`${base}/${path}`, roots)).resolves.toBe(join(base, real));
  });

  it.each(['', 'outside', 'code-secret', 'code/..', 'code/../outside', 'code/way-out', 'code/way-out/deep'])(
    'keeps "%s" out',
    async (path) => {
      await expect(resolveWorkspaceFolder(`${base}/${path}`, roots)).rejects.toMatchObject({
        code: 'folder_outside_roots',
      });
    },
  );

  it('takes no relative path', async () => {
    await expect(resolveWorkspaceFolder('code', roots)).rejects.toMatchObject({ code: 'folder_outside_roots' });
  });

  it.each(['code/nothing', 'code/notes.txt', 'code/notes.txt/below'])('says that %s is missing', async (path) => {
    await expect(resolveWorkspaceFolder(`${base}/${path}`, roots)).rejects.toMatchObject({ code: 'folder_missing' });
  });
});

describe('a folder listing', () => {
  it('shows folders, hidden ones last, and leaves out links that leave the roots', async () => {
    const listing = await listFolder(join(base, 'code'), roots);
    expect(listing).toMatchObject({ path: join(base, 'code'), parent: null, truncated: false });
    expect(listing.folders.map(({ name, isRepository }) => [name, isRepository])).toEqual([
      ['app', true],
      ['way-in', true],
      ['zeta', false],
      ['.cache', false],
    ]);
  });

  it('knows the way up, within the roots', async () => {
    expect((await listFolder(join(base, 'code', 'app'), roots)).parent).toBe(join(base, 'code'));
  });

  it('is cut at 500 folders', async () => {
    const crowded = join(base, 'code', 'zeta');
    for (let i = 0; i < 501; i++) mkdirSync(join(crowded, `f${i}`));
    const listing = await listFolder(crowded, roots);
    expect(listing.folders).toHaveLength(500);
    expect(listing).toMatchObject({ truncated: true, last: 'f499' });
    const rest = await listFolder(crowded, roots, { after: 'f499' });
    expect(rest.folders.map(({ name }) => name)).toEqual(['f500']);
    expect(rest.truncated).toBe(false);
  });

  it.each([1, 2, 3, 100])(
    'has each folder on one page of %i, in its order, also where names count as equal',
    async (limit) => {
      const crowded = join(base, 'code', 'zeta');
      for (const name of ['b', 'a10', 'a2', 'a02', 'A2', 'ä', '.z', '.a']) mkdirSync(join(crowded, name));
      symlinkSync(join(base, 'outside'), join(crowded, 'a3'));
      const names: string[] = [];
      let after: string | undefined;
      do {
        const listing = await listFolder(crowded, roots, { limit, ...(after !== undefined && { after }) });
        expect(listing.folders.length).toBeLessThanOrEqual(limit);
        names.push(...listing.folders.map(({ name }) => name));
        after = listing.last;
      } while (after !== undefined);
      expect(names).toEqual((await listFolder(crowded, roots)).folders.map(({ name }) => name));
      expect(names.toSorted()).toEqual(['.a', '.z', 'A2', 'a02', 'a10', 'a2', 'b', 'ä']);
      expect(names.slice(-2)).toEqual(['.a', '.z']);
    },
  );

  it('goes on after a folder that has gone meanwhile', async () => {
    const { folders } = await listFolder(join(base, 'code'), roots, { after: 'b-is-gone' });
    expect(folders.map(({ name }) => name)).toEqual(['way-in', 'zeta', '.cache']);
  });
});
