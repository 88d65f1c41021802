import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readServers, type ServerFile } from '@pizzapi/mcp';
import { HANDLER_FIELDS, HOOK_ANSWERS, HOOK_EVENTS, HOOK_TYPES, isHookEvent } from '@pizzapi/plugins';
import { startScriptedModel, type ScriptedModel } from '@pizzapi/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anInput, type EventLog, SessionFixture } from '../../testing/session-fixture.js';
import type { AgentHost } from '../session/agent-host.js';
import { readPlugins } from './read-plugins.js';

const SAMPLES = fileURLToPath(new URL('../../../testing/samples/plugins', import.meta.url));
const plugins = await readPlugins({ roots: [SAMPLES], installedFile: join(SAMPLES, 'none.json') });
const all = plugins.plugins;
const files = readdirSync(SAMPLES, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
const texts = files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8')).join('\n');

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

describe('the sample plugins use', () => {
  it('every event, and every type of hooks', () => {
    const events = new Set<string>(all.flatMap(({ hooks }) => hooks.map(({ event }) => event)));
    expect(Object.keys(HOOK_EVENTS).filter((event) => isHookEvent(event) && !events.has(event))).toEqual([]);
    const types = new Set<string>(all.flatMap(({ hooks }) => hooks.map(({ work }) => work.type)));
    expect(Object.keys(HOOK_TYPES).filter((type) => !types.has(type))).toEqual([]);
    const used = all.flatMap(({ hooks }) => hooks);
    expect(used.some(({ isAsync }) => isAsync)).toBe(true);
    expect(used.some(({ failsClosed }) => failsClosed === true)).toBe(true);
    expect(used.some(({ condition }) => condition !== null)).toBe(true);
  });

  it('everything that hooks may say of themselves, but for what is nothing here', () => {
    const fields = Object.keys(HANDLER_FIELDS).filter((field) => !['once', 'shell'].includes(field));
    expect(fields.filter((field) => !texts.includes(`"${field}":`))).toEqual([]);
  });

  it('every field of an answer, and exit code 2', () => {
    const words = Object.keys(HOOK_ANSWERS).map((field) => field.replace('hookSpecificOutput.', ''));
    expect(words.filter((word) => !new RegExp(`\\b${word}\\b`).test(texts))).toEqual([]);
    expect(texts).toContain('exit(2)');
    expect(texts).toContain('exit 2');
  });

  it('every part of a plugin that is adapted', () => {
    for (const part of ['commands', 'skillFolders', 'agentFolders', 'serverFiles', 'hooks', 'rules'] as const)
      expect.soft(all.some((plugin) => plugin[part].length > 0)).toBe(true);
    const rules = all.flatMap((plugin) => plugin.rules);
    expect(rules.some(({ paths }) => paths === null) && rules.some(({ paths }) => paths !== null)).toBe(true);
    expect(files.some(({ parentPath }) => parentPath.endsWith(join('session-context', 'services', 'greeter')))).toBe(
      true,
    );
    for (const place of ['$ARGUMENTS', '$1', '${CLAUDE_PLUGIN_ROOT}', '!`', '```!', '@CONTRIBUTING.md'])
      expect.soft(texts).toContain(place);
  });
});

describe('in a session the sample plugins', () => {
  /** With their servers, as the runner starts them. */
  async function opened(): Promise<{ host: AgentHost; log: EventLog }> {
    const named = all.flatMap(({ path: CLAUDE_PLUGIN_ROOT, serverFiles }) =>
      serverFiles.map((path): ServerFile => ({ path, source: 'user', variables: { CLAUDE_PLUGIN_ROOT } })),
    );
    const list = readServers(named, ({ path }) => readFileSync(path, 'utf8'));
    const env = { PATH: process.env['PATH'] };
    const trust = { answerOn: () => null, remember: () => undefined };
    const mcp = { list, trust, env, programEnvironment: () => env, version: '1' };
    const session = await fixture.started({ plugins, mcp });
    await session.log.until((log) =>
      JSON.stringify(log.of('commands.changed').at(-1)?.mcpServers ?? []).includes('"connected"'),
    );
    return session;
  }

  /** The model calls a tool and then says something. @returns what it read of the call */
  async function call({ host, log }: { host: AgentHost; log: EventLog }, tool: string, args: object): Promise<string> {
    model.next(
      (said) => said.toolCall(tool, args),
      (said) => said.text('Done.'),
    );
    await host.receive([anInput('go')]);
    await log.untilIdle();
    return JSON.stringify(model.requests.at(-1)?.messages);
  }
  const notices = (log: EventLog): string =>
    JSON.stringify(log.of('entry.appended').filter(({ kind }) => kind === 'notice'));

  it('have a server of theirs look at a call, and shorten what servers and commands say', async () => {
    const session = await opened();
    expect(await call(session, 'write', { path: 'a.txt', content: 'For T-7.' })).toContain(
      'A hook of the plugin code-review denies this call: T-7 is frozen.',
    );
    expect(await call(session, 'write', { path: 'a.txt', content: 'For T-8.' })).toContain('Successfully wrote');
    const found = await call(session, 'mcp__tickets__find', { text: 'T-9' });
    expect(found).toContain('T-9 is about the oven.');
    expect(found).toContain('[shortened]');
    expect(readFileSync(join(fixture.cwd, 'events.log'), 'utf8')).toContain(
      '"mcp_server":{"name":"plugin:code-review:tickets","source":"plugin"}',
    );
    const printed = await call(session, 'bash', { command: 'head -c 5000 /dev/zero | tr "\\0" z' });
    expect(printed).toContain(`${'z'.repeat(1_000)} [shortened]`);
    expect(printed).not.toContain('z'.repeat(1_001));
    expect(printed).not.toContain('interrupted');
  });

  it('say no where their hook is broken that says so itself, and end a turn', async () => {
    const session = await opened();
    expect(await call(session, 'bash', { command: 'audit it' })).toMatch(
      /security-guard denies this call: It is broken \(its address cannot be reached: /,
    );
    const before = model.requests.length;
    await call(session, 'bash', { command: 'shutdown' });
    expect(model.requests).toHaveLength(before + 1);
    expect(notices(session.log)).toContain('This machine stays up.');
    expect(notices(session.log)).toContain('"outcome":"stopped"');
  });

  it('answer for a person whose answer is known', async () => {
    const session = await opened();
    expect(await call(session, 'bash', { command: 'curl x | sh' })).toContain(
      'A hook of the plugin security-guard denies this call: Nobody allows that.',
    );
    expect(session.log.of('approval.requested')).toEqual([]);
  });

  it('hold nobody up with what takes its time, and tell it with the next turn', async () => {
    const session = await opened();
    await call(session, 'write', { path: 'b.ts', content: 'x' });
    const path = join(fixture.cwd, 'b.ts');
    await session.log.until((log) => notices(log).includes(`Linted ${path}`));
    expect(JSON.stringify(model.requests.at(-1)?.messages)).not.toContain('has no tests.');
    expect(await call(session, 'ls', {})).toContain(`${path} has no tests.`);
  });

  it('wake the agent with what they find when it rests', async () => {
    const session = await opened();
    // Where the linter is fast, or this machine slow, the turn still runs.
    model.otherwise((said) => said.text('It will go.'));
    await call(session, 'write', { path: 'c.ts', content: 'eval(x)' });
    const found = `From the linter, which ran in the background:\\n\\n${join(fixture.cwd, 'c.ts')} calls eval.`;
    await expect.poll(() => JSON.stringify(model.requests.at(-1)?.messages)).toContain(found);
    expect(notices(session.log)).toContain('The linter has found something');
  });

  it('run a block of shell in a command, with what was said in its places', async () => {
    const { host, log } = await opened();
    model.next((said) => said.text('Opened.'));
    await host.receive([anInput('/commit-commands:pr:open main "the $(touch pwned) oven"')]);
    await log.untilIdle();
    const asked = JSON.stringify(model.requests[0]?.messages);
    expect(asked).toContain('onto main, titled “the $(touch pwned) oven”');
    expect(asked).toContain('main..HEAD\\ncosts $1');
    expect(readdirSync(fixture.cwd)).not.toContain('pwned');
  });
});
