import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startScriptedModel, type ScriptedModel } from '@pizzapi/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { anInput, SessionFixture } from '../../testing/session-fixture.js';
import { portsOf } from '../../testing/subagent-fixture.js';
import { readPlugins } from './read-plugins.js';

let model: ScriptedModel;
let fixture: SessionFixture;

beforeEach(async () => {
  model = await startScriptedModel();
  fixture = await SessionFixture.create(model.modelsJson);
});
afterEach(async () => {
  await fixture[Symbol.asyncDispose]();
  await model.close();
});

async function write(path: string, content: string): Promise<void> {
  const file = join(fixture.home, 'plugins', path);
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, content);
}

it('gives a session the commands, skills and agents of plugins, and says what of them is broken', async () => {
  await write('kit/.claude-plugin/plugin.json', '{ "name": "kit" }');
  await write(
    'kit/commands/review.md',
    '---\ndescription: Reviews\nargument-hint: <file>\n---\nReview $1 by ${CLAUDE_PLUGIN_ROOT}/rules.md.',
  );
  await write('kit/commands/broken.md', '---\ndescription: "x\n---\nx');
  await write(
    'kit/skills/pdf/SKILL.md',
    '---\nname: pdf\ndescription: Reads PDF files\n---\nAsk ${CLAUDE_PLUGIN_ROOT}/pdftotext.',
  );
  await write('other/plugin.json', '{}');
  await write('other/skills/pdf/SKILL.md', '---\nname: pdf\ndescription: The same name\n---\nx');
  await write('kit/agents/helper.md', '---\nname: helper\ndescription: Helps.\n---\nHelp.');
  const root = join(fixture.home, 'plugins');
  const plugins = await readPlugins({ roots: [root], installedFile: join(root, 'none.json') });
  const folders = plugins.plugins.flatMap(({ name: plugin, agentFolders }) =>
    agentFolders.map((path) => ({ path, source: 'user' as const, plugin })),
  );
  const { host, log } = await fixture.started({ plugins, subagents: await portsOf(fixture, { folders }) });
  expect(log.of('commands.changed').at(-1)?.commands).toEqual(
    expect.arrayContaining([
      { name: 'kit:review', description: 'Reviews', argumentHint: '<file>', kind: 'prompt' },
      { name: 'skill:pdf', description: 'Reads PDF files', kind: 'skill' },
    ]),
  );
  expect(log.of('error.raised')).toMatchObject([
    {
      code: 'instructions_unread',
      detail: `The skill in ${join(root, 'other/skills/pdf/SKILL.md')} is not used: ${join(root, 'kit/skills/pdf/SKILL.md')} has the same name and comes first.`,
    },
    {
      code: 'plugin_invalid',
      detail: expect.stringMatching(/broken\.md, of a plugin, is not used: its frontmatter is not valid YAML/),
    },
  ]);
  model.next((said) => said.text('Reviewed.'));
  await host.receive([anInput('/kit:review "the oven.ts" now')]);
  await log.untilIdle();
  const asked = JSON.stringify(model.requests[0]?.messages);
  expect(asked).toContain(`Review the oven.ts by ${join(root, 'kit')}/rules.md.`);
  expect(asked).toContain('kit:helper: Helps.');
  expect(asked).toContain(`In skills of the plugin kit, \${CLAUDE_PLUGIN_ROOT} stands for ${join(root, 'kit')}.`);
});
