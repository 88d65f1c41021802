import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { PluginTrustFiles } from './plugin-trust.files.js';

const KIT = { path: '/code/.claude/plugins/kit', hash: 'a1' };
let folder: string;
let trust: PluginTrustFiles;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pizzapi-trust-'));
  trust = new PluginTrustFiles(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

it('remembers what was said about a folder with this content, and about no other', () => {
  expect(trust.answerOn(KIT)).toBeNull();
  trust.remember(KIT, 'trusted', { name: 'Ada' });
  expect(trust.answerOn(KIT)).toBe('trusted');
  expect(trust.answerOn({ ...KIT, hash: 'b2' })).toBeNull();
  expect(trust.answerOn({ ...KIT, path: '/elsewhere/kit' })).toBeNull();
  trust.remember({ ...KIT, hash: 'b2' }, 'refused', { name: 'Bob' });
  expect(trust.answerOn({ ...KIT, hash: 'b2' })).toBe('refused');
  // One answer for each folder: what an earlier content was worth is forgotten.
  expect(trust.answerOn(KIT)).toBeNull();
  expect(trust.all).toMatchObject([{ path: KIT.path, answer: 'refused', by: 'Bob' }]);
});

it('keeps it to its owner, forgets it, and takes a torn file for none', () => {
  trust.remember(KIT, 'trusted', { name: 'Ada' });
  const [name = ''] = readdirSync(folder);
  expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  expect(trust.forget('/elsewhere')).toBe(false);
  expect(trust.forget(KIT.path)).toBe(true);
  expect(trust.all).toEqual([]);
  trust.remember(KIT, 'trusted', { name: 'Ada' });
  writeFileSync(join(folder, name), '{ "thing": "plu');
  expect(trust.answerOn(KIT)).toBeNull();
  expect(new PluginTrustFiles(join(folder, 'none')).all).toEqual([]);
});
