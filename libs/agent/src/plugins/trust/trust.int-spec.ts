import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PluginPlaces, ProjectInstall } from '@pizzapi/plugins';
import { startScriptedModel, type ScriptedModel } from '@pizzapi/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { anInput, type EventLog, SessionFixture } from '../../../testing/session-fixture.js';
import { portsOf } from '../../../testing/subagent-fixture.js';
import { readPlugins, readProjectPlugins } from '../read-plugins.js';
import type { JudgedPlugin, PluginTrust, ProjectPluginSource } from './plugin-trust.js';

/** Answers in memory; the product keeps them in files. */
class KeptTrust implements PluginTrust {
  readonly kept = new Map<string, 'trusted' | 'refused'>();

  answerOn({ path, hash }: JudgedPlugin): 'trusted' | 'refused' | null {
    return this.kept.get(`${hash} ${path}`) ?? null;
  }

  remember({ path, hash }: JudgedPlugin, answer: 'trusted' | 'refused'): void {
    this.kept.set(`${hash} ${path}`, answer);
  }
}

const ADA = { userId: 'usr_ada', name: 'Ada' };
let model: ScriptedModel;
let fixture: SessionFixture;
let trust: KeptTrust;

beforeEach(async () => {
  model = await startScriptedModel();
  fixture = await SessionFixture.create(model.modelsJson);
  trust = new KeptTrust();
  write('plugin.json', '{ "name": "kit" }');
  write(
    'hooks/hooks.json',
    '{ "hooks": { "UserPromptSubmit": [{ "hooks": [{ "type": "command", "command": "touch ran" }] }] } }',
  );
  write('commands/go.md', 'Go by the book.');
  write('skills/pdf/SKILL.md', '---\nname: pdf\ndescription: Reads PDF files\n---\nAsk pdftotext.');
  write('agents/helper.md', '---\nname: helper\ndescription: Helps.\n---\nHelp.');
});
afterEach(async () => {
  await fixture[Symbol.asyncDispose]();
  await model.close();
});

const kit = (): string => join(fixture.cwd, '.claude', 'plugins', 'kit');

/** A person's own plugin. */
function guardIn(root: string): PluginPlaces {
  mkdirSync(join(root, 'guard'), { recursive: true });
  const hooks = { UserPromptSubmit: [{ hooks: [{ type: 'command', command: 'touch guarded' }] }] };
  writeFileSync(join(root, 'guard', 'plugin.json'), JSON.stringify({ name: 'guard', hooks }));
  return { roots: [root], installedFile: join(root, 'none.json') };
}

function write(path: string, content: string): void {
  const file = join(kit(), path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

async function source(installed: ProjectInstall[] = []): Promise<ProjectPluginSource> {
  return { ...(await readProjectPlugins([fixture.cwd], { own: [], installed })), trust };
}

async function opened() {
  return fixture.started({ projectPlugins: await source(), subagents: await portsOf(fixture) });
}

const commands = (log: EventLog): string[] | undefined =>
  log
    .of('commands.changed')
    .at(-1)
    ?.commands.map(({ name }) => name);
const hasRun = (): boolean => existsSync(join(fixture.cwd, 'ran'));

it('a plugin of the project does nothing until a person trusts it; the session does not wait', async () => {
  const { host, log } = await opened();
  const [request] = log.of('approval.requested');
  expect(request?.subject).toMatchObject({
    kind: 'consent',
    thing: 'plugin',
    name: 'kit',
    abilities: expect.arrayContaining(['Run at UserPromptSubmit: touch ran', 'Offer the commands /kit:go']),
  });
  model.next((said) => said.text('One.'));
  await host.receive([anInput('/kit:go')]);
  await log.untilIdle();
  expect(JSON.stringify(model.requests[0]?.messages)).not.toContain('by the book');
  expect(hasRun()).toBe(false);
  expect(host.isAtRest).toBe(false);

  host.answerApproval(request?.approvalId ?? '', { decision: 'allow' }, ADA);
  await log.until(() => log.of('commands.changed').length === 2);
  expect(commands(log)).toEqual(expect.arrayContaining(['kit:go', 'skill:pdf']));
  expect(log.of('activity.changed').at(-1)).toEqual({ activity: 'idle' });
  expect(host.isAtRest).toBe(true);
  model.next((said) => said.text('Two.'));
  await host.receive([anInput('/kit:go')]);
  await model.request(2);
  expect(hasRun()).toBe(true);
  const asked = JSON.stringify(model.requests[1]?.messages);
  for (const words of ['Go by the book.', 'Reads PDF files', 'kit:helper: Helps.']) expect(asked).toContain(words);
});

it('what Claude Code has installed for the project alone goes by the same rules, also without a manifest', async () => {
  const path = join(fixture.home, 'cache', 'bare');
  const hooks = { UserPromptSubmit: [{ hooks: [{ type: 'command', command: 'touch installed' }] }] };
  mkdirSync(join(path, 'hooks'), { recursive: true });
  writeFileSync(join(path, 'hooks', 'hooks.json'), JSON.stringify({ hooks }));
  const install = { name: 'bare', path, projectPath: fixture.cwd, isSwitchedOff: false };
  const { host, log } = await fixture.started({ projectPlugins: await source([install]) });
  const hasInstalledRun = (): boolean => existsSync(join(fixture.cwd, 'installed'));
  const asked = () =>
    log.of('approval.requested').filter(({ subject }) => 'name' in subject && subject.name === 'bare');
  model.otherwise((said) => said.text('Done.'));
  await host.receive([anInput('One')]);
  await log.untilIdle();
  expect(hasInstalledRun()).toBe(false);
  host.answerApproval(asked()[0]?.approvalId ?? '', { decision: 'allow' }, ADA);
  await log.until(() => trust.kept.size === 1);
  await host.receive([anInput('Two')]);
  await model.request(2);
  expect(hasInstalledRun()).toBe(true);
  await log.untilIdle();
  rmSync(join(fixture.cwd, 'installed'));
  writeFileSync(join(path, 'more.txt'), 'changed');
  await host.receive([anInput('Three')]);
  await model.request(3);
  expect(hasInstalledRun()).toBe(false);
  expect(asked()).toHaveLength(2);
});

it('what is trusted is used at once by the next session, until its content changes', async () => {
  const first = await opened();
  const [request] = first.log.of('approval.requested');
  first.host.answerApproval(request?.approvalId ?? '', { decision: 'allow' }, ADA);
  await first.log.until(() => trust.kept.size === 1);
  await first.host.close('shutdown');

  const again = await opened();
  expect(again.log.of('approval.requested')).toEqual([]);
  expect(commands(again.log)).toContain('kit:go');
  await again.host.close('shutdown');

  write('hooks/script.sh', 'rm -rf /');
  const changed = await opened();
  expect(changed.log.of('approval.requested')).toHaveLength(1);
  expect(commands(changed.log)).not.toContain('kit:go');
});

it.each<[string, () => void]>([
  ['another byte', () => write('hooks/script.sh', 'rm -rf /')],
  ['a link to a folder of it', () => symlinkSync('skills', join(kit(), 'aaa'))],
  ['a link to nothing', () => symlinkSync('none', join(kit(), 'aaa'))],
  ['no manifest', () => rmSync(join(kit(), 'plugin.json'))],
  ['nothing at all', () => rmSync(kit(), { recursive: true })],
])('what has %s while it is used is used no more; hooks of others run', async (_what, change) => {
  const guard = await readPlugins(guardIn(join(fixture.home, 'plugins')));
  const { host, log } = await fixture.started({
    projectPlugins: await source(),
    plugins: guard,
    subagents: await portsOf(fixture),
  });
  const [request] = log.of('approval.requested');
  host.answerApproval(request?.approvalId ?? '', { decision: 'allow' }, ADA);
  await log.until(() => commands(log)?.includes('kit:go') === true);
  expect(commands(log)).toContain('skill:pdf');
  change();
  model.next((said) => said.text('Done.'));
  await host.receive([anInput('/kit:go')]);
  await log.untilIdle();
  expect(hasRun()).toBe(false);
  expect(existsSync(join(fixture.cwd, 'guarded'))).toBe(true);
  expect(commands(log)).not.toContain('kit:go');
  expect(commands(log)).not.toContain('skill:pdf');
  const asked = JSON.stringify(model.requests[0]?.messages);
  for (const words of ['by the book', 'Reads PDF files', 'kit:helper']) expect(asked).not.toContain(words);
});

const SERVER = `
  import { createInterface } from 'node:readline';
  const capabilities = { tools: {} };
  const results = {
    initialize: ({ protocolVersion }) => ({ protocolVersion, capabilities, serverInfo: { name: 'oven', version: '1' } }),
    'tools/list': () => ({ tools: [{ name: 'bake', inputSchema: { type: 'object' } }] }),
  };
  createInterface({ input: process.stdin }).on('line', (line) => {
    const { id, method, params } = JSON.parse(line);
    const result = results[method]?.(params);
    if (result) console.log(JSON.stringify({ jsonrpc: '2.0', id, result }));
  });
`;

it('what has changed is asked about again; its MCP servers come and go with it', async () => {
  const oven = { command: process.execPath, args: ['${CLAUDE_PLUGIN_ROOT}/server.mjs'] };
  write('.mcp.json', JSON.stringify({ mcpServers: { oven } }));
  write('server.mjs', SERVER);
  const list = { servers: [], problems: [], project: null };
  const mcp = { list, trust, env: {}, programEnvironment: () => ({}), version: '1' };
  const { host, log } = await fixture.started({ projectPlugins: await source(), mcp });
  const servers = (): string[] | undefined =>
    log
      .of('commands.changed')
      .at(-1)
      ?.mcpServers?.map(({ name, status }) => `${name} ${status}`);
  const [request] = log.of('approval.requested');
  expect(request?.subject).toMatchObject({
    abilities: expect.arrayContaining([
      expect.stringMatching(/^Use the MCP server oven: starts .*\/kit\/server\.mjs$/),
    ]),
  });
  expect(servers()).toEqual([]);
  // While the card is read it changes: what was agreed to is not what would start.
  write('server.mjs', 'process.exit(1);');
  host.answerApproval(request?.approvalId ?? '', { decision: 'allow' }, ADA);
  await log.until(() => log.of('approval.requested').length === 2);
  expect(servers()).toEqual([]);
  expect(commands(log)).not.toContain('kit:go');
  // And back: that content was agreed to, so nobody is asked about it.
  write('server.mjs', SERVER);
  host.answerApproval(log.of('approval.requested')[1]?.approvalId ?? '', { decision: 'allow' }, ADA);
  await log.until(() => servers()?.includes('oven connected') === true);
  expect(log.of('approval.requested')).toHaveLength(2);
  write('hooks/script.sh', 'rm -rf /');
  model.next((said) => said.text('Done.'));
  await host.receive([anInput('go')]);
  await log.untilIdle();
  expect(servers()).toEqual([]);
  expect(JSON.stringify(model.requests[0]?.tools)).not.toContain('mcp__oven__bake');
  const again = log.of('approval.requested').at(-1);
  host.answerApproval(again?.approvalId ?? '', { decision: 'allow' }, ADA);
  await log.until(() => servers()?.includes('oven connected') === true);
  expect(commands(log)).toEqual(expect.arrayContaining(['kit:go', 'skill:pdf']));
});

it('a no is kept, too, and a yes for the session alone is not', async () => {
  const first = await opened();
  const [request] = first.log.of('approval.requested');
  first.host.answerApproval(request?.approvalId ?? '', { decision: 'allow', scope: 'session' }, ADA);
  await first.log.until(() => commands(first.log)?.includes('kit:go') === true);
  expect(trust.kept.size).toBe(0);
  await first.host.close('shutdown');

  const second = await opened();
  const [asked] = second.log.of('approval.requested');
  second.host.answerApproval(asked?.approvalId ?? '', { decision: 'deny' }, ADA);
  await second.log.until(() => second.log.of('commands.changed').length === 2);
  expect(trust.kept.size).toBe(1);
  expect(commands(second.log)).not.toContain('kit:go');
  expect(second.log.of('commands.changed').at(-1)?.plugins).toMatchObject([{ name: 'kit', state: 'refused' }]);
  await second.host.close('shutdown');

  const third = await opened();
  expect(third.log.of('approval.requested')).toEqual([]);
  expect(commands(third.log)).not.toContain('kit:go');
});

it('no answer is a no', async () => {
  const { log } = await fixture.started({
    projectPlugins: await source(),
    approvals: [{ source: 'x', settings: { deadlineMs: 1_000 } }],
  });
  const isSettled = (content: unknown): boolean =>
    typeof content === 'object' && content !== null && 'outcome' in content && content.outcome === 'expired';
  await log.until(() => log.of('entry.appended').some(({ content }) => isSettled(content)));
  expect(commands(log)).not.toContain('kit:go');
  expect(trust.kept.size).toBe(0);
});
