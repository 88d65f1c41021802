import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type McpServer, type ServerList } from '@pizzapi/mcp';
import type { PluginHook, PluginList } from '@pizzapi/plugins';
import { type McpServerState } from '@pizzapi/protocol';
import { checkSandbox } from '@pizzapi/sandbox';
import { type ChatRequest, compileLibs, type ScriptedModel, startScriptedModel } from '@pizzapi/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JudgedPlugin, PluginTrust } from '../plugins/trust/plugin-trust.js';
import { confinedSetup, results } from '../../testing/sandbox-fixture.js';
import { anInput, type EventLog, SessionFixture } from '../../testing/session-fixture.js';
import type { McpPorts } from './mcp-ports.js';

const EVERYTHING = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'));
const real = (name: string, source: McpServer['source'] = 'user'): McpServer => ({
  name,
  source,
  path: '/project/.mcp.json',
  settings: { command: process.execPath, args: [EVERYTHING, 'stdio'] },
});
const broken: McpServer = {
  ...real('broken'),
  settings: { command: process.execPath, args: ['-e', 'process.exit(7)'] },
};
const PROJECT = { path: '/project/.mcp.json', hash: 'abc', content: '{"mcpServers": …}' };
const BY_ADA = { userId: 'usr_ada', name: 'Ada' };

const check = await checkSandbox({ mode: 'full' });
let model: ScriptedModel;
let fixture: SessionFixture;
let remembered: [JudgedPlugin, string][];

beforeEach(async () => {
  model = await startScriptedModel();
  fixture = await SessionFixture.create(model.modelsJson);
  remembered = [];
});
afterEach(async () => {
  await fixture[Symbol.asyncDispose]();
  await model.close();
});

const trust: PluginTrust = {
  answerOn: ({ path, hash }) => {
    const found = remembered.findLast(([judged]) => judged.path === path && judged.hash === hash);
    return found?.[1] === 'trusted' || found?.[1] === 'refused' ? found[1] : null;
  },
  remember: (judged, answer) => void remembered.push([judged, answer]),
};
function portsOf(servers: McpServer[], list: Partial<ServerList> = {}): { mcp: McpPorts } {
  const env = { PATH: process.env['PATH'] };
  return {
    mcp: {
      list: { servers, problems: [], project: null, ...list },
      trust,
      env,
      programEnvironment: () => env,
      version: '1',
    },
  };
}
const statesIn = (log: EventLog): McpServerState[] => log.of('commands.changed').at(-1)?.mcpServers ?? [];
const isConnected = (log: EventLog): boolean => statesIn(log).some(({ status }) => status === 'connected');
const toolsOf = (request: ChatRequest | undefined): string => JSON.stringify(request?.tools);
const lastOf = (request: ChatRequest | undefined): unknown => request?.messages.at(-1);

describe('MCP servers of a session', () => {
  it('give the model their tools, and answer its calls with text and images', async () => {
    const { host, log } = await fixture.started(portsOf([real('everything')]));
    model.next(
      (answer) => answer.toolCall('mcp__everything__echo', { message: 'hello' }),
      (answer) => answer.toolCall('mcp__everything__get-tiny-image', {}),
      (answer) => answer.toolCall('mcp__everything__echo', { no: 'message' }),
      (answer) => answer.text('Done.'),
    );
    await host.receive([anInput('Use your tools')]);
    await log.untilIdle();
    expect(toolsOf(model.requests[0])).toContain('mcp__everything__echo');
    expect(lastOf(model.requests[1])).toMatchObject({ role: 'tool', content: 'Echo: hello' });
    const results = log.of('entry.appended').filter(({ kind }) => kind === 'tool');
    expect(results[1]?.content).toMatchObject({
      content: expect.arrayContaining([expect.objectContaining({ type: 'image', mimeType: 'image/png' })]),
      isError: false,
    });
    expect(results[2]?.content).toMatchObject({ isError: true });
    expect(statesIn(log)).toEqual([
      {
        name: 'everything',
        source: 'user',
        transport: 'stdio',
        status: 'connected',
        toolCount: expect.any(Number),
        reason: null,
      },
    ]);
  });

  it('offer their prompts as commands and something to read, and ask people by the card', async () => {
    const { host, log } = await fixture.started(portsOf([real('everything')]));
    const commands = (): unknown[] => log.of('commands.changed').at(-1)?.commands ?? [];
    await log.until(() => JSON.stringify(commands()).includes('mcp__everything__args-prompt'));
    expect(commands()).toContainEqual(
      expect.objectContaining({ name: 'mcp__everything__args-prompt', kind: 'prompt', argumentHint: '<city> [state]' }),
    );
    await host.receive([anInput('/mcp__everything__args-prompt')]);
    await log.until(() => log.of('error.raised').length === 1);
    expect(log.of('error.raised')[0]?.detail).toBe('Say more: /mcp__everything__args-prompt <city> [state].');
    model.next(
      (answer) => answer.toolCall('mcp__everything__trigger-elicitation-request', {}),
      (answer) => answer.text('Done.'),
    );
    const uri = 'demo://resource/static/document/architecture.md';
    await host.receive([anInput('/mcp__everything__args-prompt Rome'), anInput(`Read @everything:${uri}, please.`)]);
    await log.until(() => log.of('approval.requested').length === 1);
    expect(JSON.stringify(lastOf(model.requests[0]))).toContain('Rome');
    expect(toolsOf(model.requests[0])).toContain('read_mcp_resource');
    const [asked] = log.of('approval.requested');
    expect(asked?.subject).toMatchObject({ kind: 'question', server: { name: 'everything' } });
    model.next((answer) => answer.text('Read.'));
    host.answerApproval(asked?.approvalId ?? '', { decision: 'deny' }, BY_ADA);
    await log.until(({ text }) => text.includes('Read.'));
    expect(JSON.stringify(lastOf(model.requests[1]))).toMatch(/declined/i);
    expect(JSON.stringify(model.requests[2]?.messages)).toContain(`Content of @everything:${uri}:`);
  });

  it('are under the rules, like any tool', async () => {
    const rules = [{ tool: 'mcp__everything__*', action: 'deny' as const }];
    const { host, log } = await fixture.started({
      ...portsOf([real('everything')]),
      approvals: [{ source: 'config.json', settings: { rules } }],
    });
    model.next(
      (answer) => answer.toolCall('mcp__everything__echo', { message: 'hello' }),
      (answer) => answer.text('I may not.'),
    );
    await host.receive([anInput('Try')]);
    await log.untilIdle();
    expect(JSON.stringify(lastOf(model.requests[1]))).toContain('mcp__everything__*');
    expect(JSON.stringify(lastOf(model.requests[1]))).not.toContain('Echo');
  });

  it('that fail are named, and hold nothing up', async () => {
    const problems = [{ path: '/home/config.json', name: 'half', detail: 'needs a `command`.' }];
    const { host, log } = await fixture.started(portsOf([broken], { problems }));
    model.next((answer) => answer.text('Hello.'));
    await host.receive([anInput('Hi')]);
    await log.untilIdle();
    await log.until(() => log.of('error.raised').length === 2);
    expect(log.of('error.raised')).toEqual([
      { code: 'mcp_config_invalid', detail: '/home/config.json: the server half needs a `command`.' },
      { code: 'mcp_server_failed', detail: 'MCP server broken: It ended with exit code 7.' },
    ]);
    expect(statesIn(log)).toMatchObject([{ name: 'broken', status: 'failed' }]);
  });
});

describe('MCP servers that do not start', () => {
  it('are started again with a turn', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mcp-'));
    const file = join(folder, 'server.mjs');
    const late: McpServer = { ...real('late'), settings: { command: process.execPath, args: [file, 'stdio'] } };
    const { host, log } = await fixture.started(portsOf([late]));
    await log.until(() => statesIn(log)[0]?.status === 'failed');
    writeFileSync(file, `await import(${JSON.stringify(EVERYTHING)});`);
    model.next((answer) => answer.text('Hello.'));
    await host.receive([anInput('Hi')]);
    await log.untilIdle();
    await log.until(isConnected);
    rmSync(folder, { recursive: true });
  });

  it('hold up no end of the session, nor of a turn that waits for them', async () => {
    const silent: McpServer = {
      ...real('silent'),
      settings: { command: process.execPath, args: ['-e', 'setInterval(() => {}, 1000)'] },
    };
    const { host, log } = await fixture.started(portsOf([silent]));
    await host.receive([anInput('Hi')]);
    await log.until(() => log.of('activity.changed').length > 0);
    const since = performance.now();
    await host.close('shutdown');
    // Its start alone would be waited for for a minute.
    expect(performance.now() - since).toBeLessThan(40_000);
    expect(log.of('session.closed')).toHaveLength(1);
  });
});

describe('MCP servers of a project', () => {
  const ofProject = (hash = 'abc') => portsOf([real('theirs', 'project')], { project: { ...PROJECT, hash } });

  it('start when a person says so, while the session goes on without them', async () => {
    const { host, log } = await fixture.started(ofProject());
    model.next((answer) => answer.text('Without.'));
    await host.receive([anInput('Hi')]);
    await log.untilIdle();
    expect(toolsOf(model.requests[0])).not.toContain('mcp__');
    expect(statesIn(log)).toMatchObject([{ status: 'waiting' }]);
    const [asked] = log.of('approval.requested');
    expect(asked?.subject).toMatchObject({
      kind: 'consent',
      thing: 'mcp',
      path: PROJECT.path,
      hash: 'abc',
      content: PROJECT.content,
      abilities: [`theirs: starts ${process.execPath} ${EVERYTHING} stdio`],
    });
    expect(host.isAtRest).toBe(false);

    host.answerApproval(asked?.approvalId ?? '', { decision: 'allow' }, BY_ADA);
    await log.until(isConnected);
    expect(remembered).toEqual([[{ path: PROJECT.path, hash: 'abc' }, 'trusted']]);
    model.next((answer) => answer.text('With.'));
    await host.receive([anInput('And now?')]);
    await log.until(({ text }) => text.includes('With.'));
    expect(toolsOf(model.requests[1])).toContain('mcp__theirs__echo');
  });

  it('start by themselves once they were agreed to, and are asked about again when their file has changed', async () => {
    remembered = [[{ path: PROJECT.path, hash: 'abc' }, 'trusted']];
    const first = await fixture.started(ofProject());
    await first.log.until(isConnected);
    expect(first.log.of('approval.requested')).toEqual([]);
    await first.host.close('shutdown');
    const second = await fixture.started({ ...ofProject('changed'), isResume: true });
    await second.log.until((log) => log.of('approval.requested').length === 1);
    expect(statesIn(second.log)).toMatchObject([{ status: 'waiting' }]);
  });

  it('do not start after a no', async () => {
    const { host, log } = await fixture.started(ofProject());
    await log.until(() => log.of('approval.requested').length === 1);
    const [asked] = log.of('approval.requested');
    host.answerApproval(asked?.approvalId ?? '', { decision: 'deny' }, BY_ADA);
    await log.until(() => statesIn(log)[0]?.status === 'refused');
    expect(statesIn(log)).toMatchObject([{ reason: 'Ada said no to them.' }]);
    expect(remembered).toEqual([[{ path: PROJECT.path, hash: 'abc' }, 'refused']]);
  });

  it('are not asked about when nobody can be shown all of their file, whoever agreed to it', async () => {
    remembered = [[{ path: PROJECT.path, hash: 'abc' }, 'trusted']];
    const project = { ...PROJECT, content: `{${' '.repeat(20_000)}}` };
    const { log } = await fixture.started(portsOf([real('theirs', 'project')], { project }));
    await log.until(() => statesIn(log)[0]?.status === 'refused');
    expect(statesIn(log)[0]?.reason).toMatch(/^Their file has 20002 characters, more than the 20000/);
    expect(log.of('error.raised')).toMatchObject([
      { code: 'mcp_config_invalid', detail: expect.stringContaining('/project/.mcp.json: has 20002 characters') },
    ]);
    expect(log.of('approval.requested')).toEqual([]);
  });
});

describe.skipIf(!check.isEnforceable)('MCP servers in the sandbox', () => {
  it('are spoken with, and the agent’s commands do not see their environment; hooks post no further than commands reach', async () => {
    await using libs = await compileLibs('sandbox');
    const keeper: McpServer = {
      ...real('keeper'),
      settings: { command: process.execPath, args: [EVERYTHING, 'stdio'], env: { SERVER_TOKEN: 'of-the-server' } },
    };
    const settings = { mode: 'full' as const, readable: [dirname(EVERYTHING)] };
    const sandbox = confinedSetup(fixture, libs.folder, settings);
    const plugins = pluginThatPosts(model.url);
    const { host, log } = await fixture.started({ ...portsOf([keeper]), plugins, sandbox });
    await log.until(isConnected);
    const [env, all] = await results(model, log, host, [
      ['mcp__keeper__get-env', {}],
      ['bash', { command: 'cat /proc/*/environ | tr "\\0" "\\n"; echo read' }],
    ]);
    expect(env).toContain('of-the-server');
    expect(all).toContain('read');
    expect(all).not.toContain('of-the-server');
    // Beside what the sandbox says of the same attempt, in either order.
    const notices = log.of('entry.appended').flatMap(({ kind, content }) => (kind === 'notice' ? [content] : []));
    const unreached = expect.stringMatching(/^its address cannot be reached: /);
    expect(notices).toContainEqual(expect.objectContaining({ text: unreached }));
    await host.close('shutdown');
  });
});

/** A plugin that tells this address what is said. */
function pluginThatPosts(url: string): PluginList {
  const hook: PluginHook = {
    event: 'UserPromptSubmit',
    matcher: '',
    matches: () => true,
    condition: null,
    work: { type: 'http', url, headers: {}, variables: [] },
    timeoutMs: 30_000,
    isAsync: false,
  };
  const parts = {
    commands: [],
    skillFolders: [],
    skillsNameFolder: false,
    agentFolders: [],
    rules: [],
    serverFiles: [],
    unadapted: [],
  };
  const plugin = { name: 'post', path: '/plugins/post', description: '', version: null, hooks: [hook], ...parts };
  return { plugins: [plugin], problems: [] };
}
