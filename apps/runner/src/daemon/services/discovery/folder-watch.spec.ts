import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FolderWatch } from './folder-watch.js';
import { ServicesFolder } from '../../../../testing/services-folder.js';

describe('FolderWatch', () => {
  it('tells of what is added, changed and removed, and of nothing else', async () => {
    using folder = new ServicesFolder();
    let changes = 0;
    const errors: unknown[] = [];
    const watch = new FolderWatch({
      sources: () => Promise.resolve([{ dir: folder.path, plugin: null }]),
      onChange: () => Promise.resolve(void (changes += 1)),
      onError: (error) => errors.push(error),
      intervalMs: 5,
    });
    watch.start();
    await expect.poll(() => changes).toBe(1);
    folder.write('a', { 'manifest.json': '{}' });
    await expect.poll(() => changes).toBe(2);
    folder.write('a', { 'manifest.json': '[]' });
    await expect.poll(() => changes).toBe(3);
    folder.write('a', { 'triggers.json': '[]', 'data.json': 'not looked at' });
    await expect.poll(() => changes).toBe(4);
    folder.write('a', { 'lib/help.ts': 'export {}' });
    await expect.poll(() => changes).toBe(5);
    folder.remove('a');
    await expect.poll(() => changes).toBe(6);
    watch.stop();
    expect(errors).toEqual([]);
  });

  it('tells of a change beside a folder that never comes to rest', async () => {
    using folder = new ServicesFolder();
    let looks = 0;
    const told: boolean[] = [];
    const watch = new FolderWatch({
      sources: () => {
        folder.write('busy', { 'dist/out.js': `${(looks += 1)}` });
        return Promise.resolve([{ dir: folder.path, plugin: null }]);
      },
      onChange: () => Promise.resolve(void told.push(existsSync(join(folder.path, 'other/manifest.json')))),
      onError: (error) => expect.unreachable(String(error)),
      intervalMs: 1,
    });
    watch.start();
    await expect.poll(() => looks).toBeGreaterThan(2);
    folder.write('other', { 'manifest.json': '{}' });
    await expect.poll(() => told.at(-1)).toBe(true);
    watch.stop();
    // Not with each look: reading is more work.
    expect(told.length).toBeLessThanOrEqual(looks / 10);
  });

  it('tells of a change again that could not be dealt with', async () => {
    using folder = new ServicesFolder();
    let calls = 0;
    const errors: unknown[] = [];
    const watch = new FolderWatch({
      sources: () => Promise.resolve([{ dir: folder.path, plugin: null }]),
      onChange: () => {
        calls += 1;
        return calls === 1 ? Promise.reject(new Error('on purpose')) : Promise.resolve();
      },
      onError: (error) => errors.push(error),
      intervalMs: 5,
    });
    watch.start();
    await expect.poll(() => calls).toBe(2);
    watch.stop();
    expect(errors).toEqual([new Error('on purpose')]);
  });
});
