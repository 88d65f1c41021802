import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, waitFor } from '@pizzapi/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AskPerson } from './connect/server-requests.js';
import { closeServers, script, serversOf, speaking, stdio, tool } from '../testing/servers-fixture.js';
import type { LendModel } from './questions/model-request.js';
import type { ServerSettings } from './settings/server-settings.js';

const EVERYTHING = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'));
/** A message of ours to a server. */
interface Said {
  id: string;
  result?: { action?: string; content?: object; roots?: object[] };
  error?: { message: string };
}
const PIXEL = /^iVBORw0KGgo/;

afterEach(closeServers);

describe('the real server, over its input and output', () => {
  it('offers its tools, answers with text, images and resources, tells progress, and is broken off', async () => {
    const { servers, stateOf } = serversOf({ everything: stdio(EVERYTHING, 'stdio') });
    await servers.start('user');
    expect(stateOf('everything')).toMatchObject({ status: 'connected', transport: 'stdio', reason: null });
    expect(servers.tools.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['mcp__everything__echo', 'mcp__everything__get-sum', 'mcp__everything__get-tiny-image']),
    );
    const call = (name: string, args = {}, options = {}) =>
      servers.call({ server: 'everything', tool: name }, args, options);
    expect(await call('echo', { message: 'hi' })).toEqual({
      content: [{ type: 'text', text: 'Echo: hi' }],
      isError: false,
    });
    expect((await call('get-tiny-image')).content).toContainEqual({
      type: 'image',
      data: expect.stringMatching(PIXEL),
      mimeType: 'image/png',
    });
    const progress: number[] = [];
    const onProgress = ({ progress: at }: { progress: number }): void => void progress.push(at);
    await call('trigger-long-running-operation', { duration: 0.2, steps: 4 }, { onProgress });
    // The last one and the result come together: whether it is told is the client's affair.
    expect(progress.slice(0, 3)).toEqual([1, 2, 3]);
    const stop = new AbortController();
    const running = call('trigger-long-running-operation', { duration: 600, steps: 2 }, { signal: stop.signal });
    stop.abort();
    await expect(running).rejects.toThrow('MCP server everything');
    expect(await call('echo', { message: 'still there' })).toMatchObject({ isError: false });
    expect(await call('get-sum', { a: 'x' })).toMatchObject({ isError: true });
  });
});

describe.each(['streamableHttp', 'sse'])('the real server, by %s', (kind) => {
  let running: ChildProcess | null = null;
  afterEach(() => running?.kill());

  it('offers and runs its tools', async () => {
    const port = await freePort();
    running = spawn(process.execPath, [EVERYTHING, kind], {
      env: { ...process.env, PORT: String(port) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { promise, resolve } = Promise.withResolvers<void>();
    for (const stream of [running.stdout, running.stderr])
      stream?.on('data', (chunk: Buffer) => chunk.toString().includes(String(port)) && resolve());
    await promise;
    const settings: ServerSettings =
      kind === 'sse'
        ? { type: 'sse', url: `http://127.0.0.1:${port}/sse` }
        : { type: 'http', url: `http://127.0.0.1:${port}/mcp` };
    const { servers, stateOf } = serversOf({ remote: settings });
    await servers.start('user');
    expect(stateOf('remote')).toMatchObject({ status: 'connected', transport: kind === 'sse' ? 'sse' : 'http' });
    expect(await servers.call({ server: 'remote', tool: 'echo' }, { message: 'hi' })).toMatchObject({
      content: [{ text: 'Echo: hi' }],
    });
  });
});

describe('a server that', () => {
  it('crashes is named with its last words, and leaves the others', async () => {
    const { servers, stateOf } = serversOf({
      broken: script(`console.error('no database'); process.exit(3)`),
      good: speaking(`if (method === 'tools/list') answer({ tools: [${tool('one')}] })`),
      missing: { command: '/no/such/program' },
    });
    await servers.start('user');
    expect(stateOf('broken')).toMatchObject({
      status: 'failed',
      reason: 'It ended with exit code 3. It said: no database',
    });
    expect(stateOf('missing')).toMatchObject({ status: 'failed', reason: expect.stringContaining('ENOENT') });
    expect(stateOf('good')).toMatchObject({ status: 'connected', toolCount: 1 });
  });

  it('crashes in a call fails the call, and is started anew by the next', async () => {
    const { servers, stateOf } = serversOf({
      fragile: speaking(`
        if (method === 'tools/list') answer({ tools: [${tool('die')}, ${tool('live')}] });
        if (method === 'tools/call' && params.name === 'die') process.exit(1);
        if (method === 'tools/call') answer({ content: [{ type: 'text', text: 'alive' }] });
      `),
    });
    await servers.start('user');
    await expect(servers.call({ server: 'fragile', tool: 'die' }, {})).rejects.toThrow('MCP server fragile');
    await expect
      .poll(() => stateOf('fragile'))
      .toMatchObject({ status: 'failed', reason: 'It ended with exit code 1.' });
    expect(servers.tools).toHaveLength(2);
    expect(await servers.call({ server: 'fragile', tool: 'live' }, {})).toMatchObject({ content: [{ text: 'alive' }] });
    expect(stateOf('fragile')).toMatchObject({ status: 'connected' });
  });

  it('says nothing, or something else than messages, is given up', async () => {
    const settings = {
      silent: script(`setInterval(() => {}, 1000)`),
      babbling: script(`setInterval(() => console.log('{"hello'), 10)`),
    };
    const { servers, stateOf } = serversOf(settings, () => true, {}, 500);
    await servers.start('user');
    for (const name of ['silent', 'babbling'])
      expect(stateOf(name)).toMatchObject({ status: 'failed', reason: expect.stringContaining('timed out') });
  });

  it('greets before it speaks is understood', async () => {
    const { servers, stateOf } = serversOf({
      polite: script(`
        console.log('Welcome!');
        require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
          const { id, method, params } = JSON.parse(line);
          if (method === 'initialize') console.log(JSON.stringify({ jsonrpc: '2.0', id, result: { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'x', version: '1' } } }));
          if (method === 'tools/list') console.log(JSON.stringify({ jsonrpc: '2.0', id, result: { tools: [] } }));
        });
      `),
    });
    await servers.start('user');
    expect(stateOf('polite')).toMatchObject({ status: 'connected', toolCount: 0 });
  });

  it('has a huge list has its first tools', async () => {
    const { servers, stateOf } = serversOf({
      huge: speaking(`
        if (method === 'tools/list') answer({ tools: Array.from({ length: 5000 }, (_, at) => ({ name: 'tool-' + at, inputSchema: { type: 'object' } })) });
      `),
    });
    await servers.start('user');
    expect(stateOf('huge')).toMatchObject({ status: 'connected', toolCount: 200 });
    expect(stateOf('huge')?.reason).toMatch(/^4800 of its 5000 tools are left out/);
  });

  it('names two tools alike has the first, and the other is told of', async () => {
    const { servers, stateOf } = serversOf({
      twice: speaking(`
        const each = (description) => ({ name: 'one', description, inputSchema: { type: 'object' } });
        if (method === 'tools/list') answer({ tools: [each('first'), each('second')] });
      `),
    });
    await servers.start('user');
    expect(servers.tools).toMatchObject([{ name: 'mcp__twice__one', description: 'first' }]);
    expect(stateOf('twice')?.reason).toBe('1 of its 2 tools are left out: others have the same name.');
  });

  it('changes its list is asked again', async () => {
    const { servers } = serversOf({
      changing: speaking(`
        globalThis.count ??= 0;
        if (method === 'tools/list') answer({ tools: [count === 0 ? ${tool('before')} : ${tool('after')}] });
        if (method === 'tools/call') { count += 1; say({ method: 'notifications/tools/list_changed' }); answer({ content: [] }); }
      `),
    });
    await servers.start('user');
    expect(servers.tools.map(({ tool: name }) => name)).toEqual(['before']);
    await servers.call({ server: 'changing', tool: 'before' }, {});
    await expect.poll(() => servers.tools.map(({ tool: name }) => name)).toEqual(['after']);
  });

  it('has prompts and something to read offers them, and what it asks of us is answered', async () => {
    const questions: unknown[] = [];
    const lent: unknown[] = [];
    const ask: AskPerson = ({ signal: _signal, ...question }) => {
      questions.push(question);
      return Promise.resolve({ action: 'accept', content: { city: 'Rome' } });
    };
    const rich = speaking(
      `
        if (method === 'tools/list') answer({ tools: [${tool('ask')}] });
        if (method === 'prompts/list') answer({ prompts: [{ name: 'greet', arguments: [{ name: 'who', required: true }] }] });
        if (method === 'prompts/get') answer({ messages: [
          { role: 'user', content: { type: 'text', text: ('progressToken' in (params._meta ?? {}) ? 'Greet ' : 'Hurry, ') + params.arguments.who } },
          { role: 'assistant', content: { type: 'text', text: 'Hello.' } },
        ] });
        if (method === 'resources/list') answer({ resources: [{ uri: 'guide://start', name: 'start' }] });
        if (method === 'resources/templates/list') say({ id, error: { code: -32601, message: 'unknown' } });
        if (method === 'resources/read') answer({ contents: [{ uri: params.uri, text: 'Begin here.' }] });
        if (method === 'tools/call' && params.name === 'paid') {
          globalThis.isPaid ? answer({ content: [{ type: 'text', text: 'Paid.' }] }) : say({ id, error: { code: -32042, message: 'Pay first.', data: { elicitations: [{ mode: 'url', elicitationId: 'f', url: 'https://pay.example.com/', message: 'Pay first.' }] } } });
          globalThis.isPaid = true;
        } else if (method === 'tools/call') {
          globalThis.call = id;
          globalThis.said = [];
          say({ id: 'q', method: 'elicitation/create', params: { message: 'Where?', requestedSchema: { type: 'object', properties: { city: { type: 'string' } } } } });
          say({ id: 'u', method: 'elicitation/create', params: { mode: 'url', elicitationId: 'e', url: 'https://pay.example.com/', message: 'Pay.' } });
          say({ id: 'j', method: 'elicitation/create', params: { mode: 'url', elicitationId: 'e', url: 'javascript:alert(1)', message: 'Pay.' } });
          say({ id: 's', method: 'sampling/createMessage', params: { messages: [{ role: 'user', content: { type: 'text', text: 'Why?' } }], maxTokens: 1 } });
          say({ id: 'r', method: 'roots/list' });
        }
        if (method === undefined && said.push(JSON.parse(line)) === 5)
          say({ id: call, result: { content: said.map((each) => ({ type: 'text', text: JSON.stringify(each) })) } });
      `,
      '{ tools: {}, prompts: {}, resources: {} }',
    );
    const lend: LendModel = ({ signal: _signal, ...request }) => {
      lent.push(request);
      return Promise.resolve({ action: 'accept', model: 'm', text: 'So.', isCut: true });
    };
    const { servers } = serversOf({ rich }, () => true, {}, 20_000, ask, lend);
    await servers.start('user');
    await expect.poll(() => servers.prompts).toMatchObject([{ name: 'mcp__rich__greet', server: 'rich' }]);
    const [greet] = servers.prompts;
    if (!greet) throw new Error('no prompt');
    expect(await servers.fill(greet, 'Ada')).toBe('Greet Ada\n\nYou said:\nHello.');
    expect(await servers.fill(greet, '')).toBeNull();
    expect(servers.withResources).toEqual(['rich']);
    expect(await servers.resources('rich')).toMatchObject([
      { server: 'rich', uri: 'guide://start', isTemplate: false },
    ]);
    expect((await servers.read('rich', 'guide://start')).content).toEqual([
      { type: 'text', text: '[resource guide://start]\nBegin here.' },
    ]);

    const { content } = await servers.call({ server: 'rich', tool: 'ask' }, {});
    const texts = content.map((block) => (block.type === 'text' ? block.text : 'null'));
    const answers: Said[] = JSON.parse(`[${texts.join(',')}]`);
    expect(answers.find(({ id }) => id === 'q')?.result).toEqual({ action: 'accept', content: { city: 'Rome' } });
    expect(answers.find(({ id }) => id === 'u')?.result).toEqual({ action: 'accept' });
    expect(answers.find(({ id }) => id === 'j')?.error?.message).toContain('only addresses that begin with https://');
    expect(answers.find(({ id }) => id === 's')?.result).toEqual({
      model: 'm',
      role: 'assistant',
      content: { type: 'text', text: 'So.' },
      stopReason: 'maxTokens',
    });
    expect(lent).toEqual([
      { server: 'rich', systemPrompt: null, messages: [{ role: 'user', text: 'Why?' }], maxTokens: 1 },
    ]);
    expect(answers.find(({ id }) => id === 'r')?.result?.roots).toMatchObject([
      { uri: expect.stringMatching(/^file:/) },
    ]);
    expect(questions).toMatchObject([
      { server: 'rich', message: 'Where?', fields: [{ name: 'city', kind: 'text' }] },
      { server: 'rich', message: 'Pay.', link: { url: 'https://pay.example.com/', host: 'pay.example.com' } },
    ]);
    // It is made once more, when somebody has opened what it wants opened first.
    expect((await servers.call({ server: 'rich', tool: 'paid' }, {})).content).toEqual([
      { type: 'text', text: 'Paid.' },
    ]);
    expect(questions).toHaveLength(3);
  });

  it('starts others ends with them', async () => {
    const word = `mcp-child-${process.pid}`;
    const { servers } = serversOf({
      parent: speaking(`
        globalThis.child ??= require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', '${word}'], { stdio: 'ignore' });
        if (method === 'tools/list') answer({ tools: [] });
      `),
    });
    await servers.start('user');
    expect(await isRunning(word)).toBe(true);
    await servers.close();
    await waitFor(async () => !(await isRunning(word)), { description: 'the end of what the server started' });
  });
});

describe('a server that does not start', () => {
  it('is ended at once, with its program', async () => {
    const word = `mcp-silent-${process.pid}`;
    const settings = { silent: stdio('-e', 'setInterval(() => {}, 1000)', word) };
    const { servers } = serversOf(settings, () => true, {}, 600_000);
    const starting = servers.start('user');
    await waitFor(() => isRunning(word), { description: 'the program of the server' });
    await servers.close();
    await starting;
    await waitFor(async () => !(await isRunning(word)), { description: 'its end' });
  });

  it('is started again once at once, and then after a pause', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mcp-'));
    const file = join(folder, 'there');
    const { servers, stateOf } = serversOf({
      late: speaking(`
        if (!require('node:fs').existsSync(${JSON.stringify(file)})) process.exit(1);
        if (method === 'tools/list') answer({ tools: [${tool('one')}] });
      `),
    });
    await servers.start('user');
    await servers.retry();
    expect(stateOf('late')).toMatchObject({ status: 'failed' });
    await writeFile(file, '');
    await servers.retry();
    expect(stateOf('late')).toMatchObject({ status: 'failed' });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 5_001 });
    await servers.retry().finally(() => vi.useRealTimers());
    expect(stateOf('late')).toMatchObject({ status: 'connected', toolCount: 1 });
    await rm(folder, { recursive: true });
  });
});

async function isRunning(word: string): Promise<boolean> {
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (line.split('\0').includes(word)) return true;
  }
  return false;
}
