import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProjectPlugin } from '@pizzapi/plugins';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ConfiguredTrust } from './configured-trust.js';
import { PluginTrustFiles } from './plugin-trust.files.js';

const KIT = { path: '/code/.claude/plugins/kit', hash: 'a1' };
const plugin = {
  name: 'kit',
  path: KIT.path,
  description: '',
  version: null,
  commands: [],
  skillFolders: [],
  skillsNameFolder: false,
  agentFolders: [],
  hooks: [],
  rules: [],
  serverFiles: [],
  unadapted: [],
};
const rest = { problems: [], abilities: [], content: '', serverFiles: [], installedAs: null };
const kit: ProjectPlugin = { plugin, hash: KIT.hash, ...rest };
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

it.each([
  [[KIT.path], `holds "${KIT.path}", and trust is for`],
  [[{ ...KIT, path: '~/kit' }], 'and trust is for a full "path"'],
  [[{ ...KIT, hash: 'b2' }], 'with the hash of another content'],
  ['all', 'is no list'],
  [{}, 'is no list'],
])('%j trusts nothing, and is named', (list, words) => {
  const listed = trust(list);
  expect(listed.answerOn(KIT)).toBeNull();
  expect(listed.problemsWith([kit])).toMatchObject([{ detail: expect.stringContaining(words) }]);
});

it.each([[undefined], [[]], [[KIT]]])('%j is all right', (list) => expect(trust(list).problemsWith([kit])).toEqual([]));
