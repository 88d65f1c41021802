import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import type { HookHands } from './do-work.js';
import type { HookOrder } from './hook-order.js';
import type { HookEnd } from './hook-answer.js';
import { runHooks } from './run-hooks.js';

let server: Server | null = null;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
}

let token = 'for-the-audit';

/** As the product does it, without a wall. */
async function start({ command, args, env, input }: HookOrder): Promise<HookEnd> {
  const child = spawn(command, args ?? [], { env: { ...env, TOKEN: token, OTHER: 'not-for-it' } });
  child.stdin.end(input);
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code: typeof code === 'number' ? code : null, end: 'exit', stdout, stderr };
}
const none = () => Promise.reject(new Error('there is none'));
const hands: HookHands = { start, askModel: none, runAgent: none, callTool: none };

function run(url: string) {
  const headers = { authorization: 'Bearer ${TOKEN}', 'X-Other': '$OTHER.' };
  const work = { type: 'http' as const, url, headers, variables: ['TOKEN'] };
  const fields = { tool_name: 'Bash', tool_input: { command: 'ls' } };
  const hook = { event: 'PreToolUse' as const, matcher: '', matches: () => true, condition: null, work };
  return runHooks(
    [{ ...hook, timeoutMs: 20_000, isAsync: false, plugin: 'kit', root: '/kit' }],
    { event: 'PreToolUse', names: ['Bash'], fields, projectDir: '/work' },
    hands,
  );
}

describe('a hook of the type http', () => {
  it('posts what happens, with the variables that it names, and heeds the JSON of the answer', async () => {
    const seen = Promise.withResolvers<{ request: IncomingMessage; body: unknown }>();
    const url = await serve((request, response) => {
      void text(request).then((body) => {
        seen.resolve({ request, body: JSON.parse(body) });
        const hookSpecificOutput = { permissionDecision: 'deny', permissionDecisionReason: 'Not today.' };
        response.end(JSON.stringify({ hookSpecificOutput }));
      });
    });
    expect((await run(`${url}/hooks?a=1`)).permission).toMatchObject({ decision: 'deny', text: 'Not today.' });
    const { request, body } = await seen.promise;
    expect(request).toMatchObject({ method: 'POST', url: '/hooks?a=1' });
    expect(request.headers).toMatchObject({
      'content-type': 'application/json',
      authorization: 'Bearer for-the-audit',
      'x-other': '.',
    });
    expect(body).toEqual({ tool_name: 'Bash', tool_input: { command: 'ls' }, hook_event_name: 'PreToolUse' });
  });

  it.each([
    [200, {}, []],
    [500, {}, [{ text: 'its address answered 500' }]],
    [302, { location: 'http://127.0.0.1:1/' }, [{ text: 'its address answered 302' }]],
  ])('holds nothing up where %i is answered', async (status, headers, problems) => {
    const url = await serve((request, response) => {
      request.resume();
      response.writeHead(status, headers).end();
    });
    expect(await run(url)).toMatchObject({ permission: null, block: null, problems });
  });

  it('does not tell what stands in its headers or in its address', async () => {
    token = 'for-the-audit\nand-more';
    const [problem] = (await run('http://127.0.0.1:1')).problems;
    token = 'for-the-audit';
    expect(problem?.text).toBe('its address cannot be reached: the request is malformed');
    const [another] = (await run('http://ada:secret@127.0.0.1:1')).problems;
    expect(another?.text).toBe('its address cannot be reached: the request is malformed');
  });

  it('is named where nobody answers', async () => {
    const url = await serve((request) => void request.destroy());
    expect((await run(url)).problems).toMatchObject([
      { text: expect.stringMatching(/^its address cannot be reached: /) },
    ]);
  });
});
