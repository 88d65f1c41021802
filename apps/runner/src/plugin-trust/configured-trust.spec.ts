import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ConfiguredTrust } from './configured-trust.js';
import { PluginTrustFiles } from './plugin-trust.files.js';

const KIT = { path: '/code/.claude/plugins/kit', hash: 'a1' };
let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'pizzapi-trust-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function trust(trustedPlugins?: unknown): ConfiguredTrust {
  const file = join(folder, 'config.json');
  if (trustedPlugins !== undefined) writeFileSync(file, JSON.stringify({ trustedPlugins }));
  return new ConfiguredTrust(new PluginTrustFiles(join(folder, 'consents')), file);
}

it('what config.json lists is trusted with this content alone, unless somebody said no to it', () => {
  const listed = trust([KIT]);
  expect(listed.answerOn(KIT)).toBe('trusted');
  expect(listed.answerOn({ ...KIT, hash: 'b2' })).toBeNull();
  expect(listed.answerOn({ ...KIT, path: '/elsewhere' })).toBeNull();
  listed.remember(KIT, 'refused', { userId: 'usr_ada', name: 'Ada' });
  expect(trust([KIT]).answerOn(KIT)).toBe('refused');
});

it('a path alone trusts nothing, and is named', () => {
  const listed = trust([KIT.path]);
  expect(listed.answerOn(KIT)).toBeNull();
  expect(listed.problems).toMatchObject([{ detail: expect.stringContaining(`holds "${KIT.path}", and trust is for`) }]);
});

it.each([[undefined], ['all'], [null]])('%j lists nothing', (value) => {
  const listed = trust(value);
  expect(listed.answerOn(KIT)).toBeNull();
  expect(listed.problems).toEqual([]);
});
