import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withoutDescriptors } from '@pizzapi/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type CodeFolder, CodeFolders } from './code-folders.js';
import { codePrint } from './code-print.js';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'pizzapi-code-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** As if nothing had been added to it or removed for long. */
const letRest = (): void => utimesSync(folder, new Date(0), new Date(0));
/** As if something had been added to it just now, however long the test takes. */
const stir = (): void => utimesSync(folder, new Date(Date.now() + 3_600_000), new Date(Date.now() + 3_600_000));
const round = (folders: CodeFolders): Promise<CodeFolder> => {
  folders.begin();
  return folders.look(folder);
};

it('finds modules and folders, and leaves out what is data, hidden or installed', async () => {
  for (const name of ['b.ts', 'a.mjs', 'data.json', '.env.js']) writeFileSync(join(folder, name), '');
  for (const name of ['lib', 'node_modules', '.git']) mkdirSync(join(folder, name));
  expect(await round(new CodeFolders())).toEqual({
    modules: ['.env.js', 'a.mjs', 'b.ts'].map((name) => join(folder, name)),
    folders: [join(folder, 'lib')],
  });
});

it('is read anew only where it has changed, or may have since it was read', async () => {
  const folders = new CodeFolders();
  writeFileSync(join(folder, 'a.ts'), '');
  stir();
  const fresh = await round(folders);
  expect(await round(folders)).not.toBe(fresh); // it is younger than a step of the clock
  letRest();
  const rested = await round(folders);
  expect(await round(folders)).toBe(rested);
  writeFileSync(join(folder, 'b.ts'), '');
  expect((await round(folders)).modules).toHaveLength(2);
});

it.skipIf(process.platform !== 'linux')('of which no file can be opened are not taken for empty', async () => {
  writeFileSync(join(folder, 'a.ts'), '');
  await withoutDescriptors(() => expect(round(new CodeFolders())).rejects.toThrow('EMFILE'));
});

it('a service of very many folders is looked through in part, from its top', async () => {
  class Counted extends CodeFolders {
    looks = 0;
    override look(path: string): Promise<CodeFolder> {
      this.looks += 1;
      return super.look(path);
    }
  }
  const folders = new Counted();
  writeFileSync(join(folder, 'index.ts'), '');
  for (let count = 0; count < 700; count += 1) mkdirSync(join(folder, `data-${count}`));
  expect(await codePrint({ path: folder, entry: null, panelDir: null }, folders)).toContain('index.ts');
  expect(folders.looks).toBe(500);
});
