import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withoutDescriptors } from '@pizzapi/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readManifest } from './manifest.js';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'pizzapi-manifest-'))));
afterEach(() => rmSync(folder, { recursive: true }));

it.skipIf(process.platform !== 'linux')(
  'a plugin is not taken for none where no more files can be opened',
  async () => {
    expect(readManifest(folder)).toBeNull();
    writeFileSync(join(folder, 'plugin.json'), '{"name": "guard"}');
    await withoutDescriptors(() => expect(() => readManifest(folder)).toThrow('EMFILE'));
    expect(readManifest(folder)).toMatchObject({ name: 'guard' });
  },
);
