import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { TestService } from '../testing/test-service.js';
import { buildRunner } from '../testing/test-runner.js';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 120_000 });

beforeAll(() => buildRunner());

/** A service whose `init` calls `Bun.serve` with these options and announces its port. */
const serving = (options: string, more = ''): Record<string, string> => ({
  'index.ts': `export default class { id = 'my-service';
    init(_: unknown, { announcePanel }) { const server = Bun.serve({ port: 0, ${options} }); ${more}; announcePanel(server.port) } }`,
});

describe('Bun.serve', () => {
  it('has its port at once, also several times in a row, on loopback alone', async () => {
    const more = `const ports = [server, ...Array.from({ length: 5 }, () => Bun.serve({ port: 0, fetch: () => new Response() }))].map((s) => s.port);
      console.log(ports.every((port) => port > 0) && new Set(ports).size, server.hostname, String(server.url) === 'http://127.0.0.1:' + server.port + '/')`;
    await using service = await TestService.start(
      serving(`hostname: '0.0.0.0', fetch: () => new Response('hello')`, more),
    );
    const url = await service.panelUrl();
    expect(service.lines).toContain('stdout: 6 127.0.0.1 true');
    expect(service.lines.join()).toContain('listens on this machine alone, not on 0.0.0.0');
    expect(await (await fetch(url)).text()).toBe('hello');
  });

  it('hands over real requests, with the server as second argument', async () => {
    const handler = `async fetch(request, server) {
      const copy = new Request(request, { headers: { 'x-copied': 'yes' } });
      return Response.json({ isRequest: request instanceof Request, method: request.method, path: new URL(request.url).pathname,
        copied: copy.headers.get('x-copied'), text: await copy.text(), ip: server.requestIP(request)?.address, isThis: this === server }) }`;
    await using service = await TestService.start(serving(handler));
    const answer = await fetch(`${await service.panelUrl()}/a/b?c=d`, { method: 'POST', body: 'hello' });
    expect(await answer.json()).toEqual({
      isRequest: true,
      method: 'POST',
      path: '/a/b',
      copied: 'yes',
      text: 'hello',
      ip: '127.0.0.1',
      isThis: true,
    });
  });

  it('streams, and a client that goes away is known by signal and cancel', async () => {
    const handler = `fetch(request) {
      request.signal.addEventListener('abort', () => console.log('aborted'));
      let timer; const body = new ReadableStream({
        start(out) { timer = setInterval(() => out.enqueue('data: x\\n\\n'), 10) }, cancel() { clearInterval(timer); console.log('cancelled') } });
      return new Response(body.pipeThrough(new TextEncoderStream()), { headers: { 'content-type': 'text/event-stream' } }) }`;
    await using service = await TestService.start(serving(handler));
    const leave = new AbortController();
    const answer = await fetch(await service.panelUrl(), { signal: leave.signal });
    const first = await answer.body?.getReader().read();
    expect(Buffer.from(first?.value ?? []).toString()).toContain('data: x');
    leave.abort();
    await service.until('it noticed', () =>
      ['stdout: aborted', 'stdout: cancelled'].every((line) => service.lines.includes(line)),
    );
  });

  it.each([
    ['what fetch throws', `fetch() { throw new Error('on purpose') }`, 500, 'Internal Server Error'],
    [
      'what error makes of it',
      `fetch: async () => { throw new Error('on purpose') }, error: (e) => new Response(e.message, { status: 418 })`,
      418,
      'on purpose',
    ],
    ['no response', `fetch: () => undefined`, 500, 'Internal Server Error'],
  ])('answers with %s, and goes on', async (_, handler, status, text) => {
    await using service = await TestService.start(serving(handler));
    const url = await service.panelUrl();
    for (let time = 0; time < 2; time += 1) {
      const answer = await fetch(url);
      expect([answer.status, await answer.text()]).toEqual([status, text]);
    }
    expect(service.pids).toHaveLength(1);
  });

  it('survives a request that is none', async () => {
    await using service = await TestService.start(serving(`fetch: (request) => new Response(request.url)`));
    const url = new URL(await service.panelUrl());
    for (const line of ['GET http://[ HTTP/1.1', 'GET // HTTP/1.1', 'nonsense']) {
      const socket = connect(Number(url.port), '127.0.0.1');
      socket.end(`${line}\r\nHost: a b c\r\nConnection: close\r\n\r\n`).resume();
      await once(socket, 'close');
    }
    expect((await fetch(url)).status).toBe(200);
    expect(service.pids).toHaveLength(1);
  });

  it('takes new handlers by reload, and ends by stop', async () => {
    const handler = `async fetch(request, server) {
      if (request.url.endsWith('/reload')) server.reload({ fetch: () => { setTimeout(() => void server.stop(true)); return new Response('new') } });
      return new Response('old') }`;
    await using service = await TestService.start(serving(handler));
    const url = await service.panelUrl();
    expect(await (await fetch(`${url}/reload`)).text()).toBe('old');
    expect(await (await fetch(url)).text()).toBe('new');
    await service.until('it is closed', () =>
      fetch(url).then(
        () => false,
        () => true,
      ),
    );
  });

  it('on a port that is taken ends the service with that reason', async () => {
    const more = `Bun.serve({ port: server.port, fetch: () => new Response() })`;
    await using service = await TestService.start(serving(`fetch: () => new Response()`, more));
    await service.until('it ended', () => service.status.restarts >= 1);
    expect(service.status.error).toMatch(/BunServeError: Bun.serve: cannot listen on port \d+: .*EADDRINUSE/);
  });

  it.each([
    ['Bun.serve({ port: 0 })', 'Bun.serve: needs a function "fetch", or "routes"'],
    ['Bun.serve({ port: 99_999, fetch() {} })', 'Bun.serve: "99999" is not a port'],
    [`Bun.serve({ unix: '/tmp/x', fetch() {} })`, 'Bun.serve: the option "unix" is not there in a service'],
    ['Bun.serve({ port: 0, static: {}, fetch() {} })', 'Bun.serve: the option "static" is not there'],
    [`Bun.serve({ port: 0, routes: { '/': 7 } })`, 'Bun.serve: the route "/" is none'],
    [`Bun.write('x', '')`, 'Bun.write is not there: services run on Node with Bun.serve'],
  ])('says what is wrong with %s', async (call, error) => {
    await using service = await TestService.start({
      'index.ts': `export default class { id = 'my-service'; init() { ${call} } }`,
    });
    await service.until('it says so', () => service.status.error !== null);
    expect(service.status.error).toContain(error);
  });
});

describe("Bun.serve's WebSockets", () => {
  const options = `
    fetch(request, server) {
      if (server.upgrade(request, { data: { name: new URL(request.url).pathname }, headers: { 'x-welcome': 'yes' } })) return;
      return new Response('no socket', { status: 426 }) },
    websocket: {
      open(ws) { ws.subscribe('all'); ws.send('hello ' + ws.data.name) },
      message(ws, message) {
        if (message === 'throw') throw new Error('on purpose');
        if (message === 'shout') return ws.publish('all', 'shouted');
        if (message === 'bye') return ws.close(4001, 'as you wish');
        ws.send(message) },
      close(ws, code, reason) { console.log('closed', ws.data.name, code, reason) } }`;

  it('upgrade with data and headers, echo text and bytes, publish, and close', async () => {
    await using service = await TestService.start(serving(options));
    const url = (await service.panelUrl()).replace('http', 'ws');
    const open = async (name: string) => {
      const socket = new WebSocket(url + name);
      const messages: string[] = [];
      socket.on('message', (data: Buffer, isBinary) => {
        messages.push(`${isBinary ? 'bytes' : 'text'} ${data.toString()}`);
      });
      const [upgrade] = (await once(socket, 'upgrade')) as [{ headers: Record<string, string> }];
      return { socket, messages, headers: upgrade.headers };
    };
    const [a, b] = [await open('/a'), await open('/b')];
    expect(a.headers['x-welcome']).toBe('yes');
    await expect.poll(() => [a.messages, b.messages]).toEqual([['text hello /a'], ['text hello /b']]);
    for (const message of ['throw', 'one', Buffer.from('two'), 'shout']) a.socket.send(message);
    await expect.poll(() => a.messages.slice(1)).toEqual(['text one', 'bytes two']);
    await expect.poll(() => b.messages.slice(1)).toEqual(['text shouted']);
    const closed = once(a.socket, 'close');
    a.socket.send('bye');
    expect((await closed).map(String)).toEqual(['4001', 'as you wish']);
    b.socket.close(4002, 'enough');
    await service.until('it knows', () => service.lines.includes('stdout: closed /b 4002 enough'));
  });

  it('are refused with what fetch answers', async () => {
    await using service = await TestService.start(
      serving(options.replace('server.upgrade(request', 'false && (request')),
    );
    const socket = new WebSocket((await service.panelUrl()).replace('http', 'ws'));
    const [, answer] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
    expect(answer.statusCode).toBe(426);
    socket.on('error', () => undefined);
    socket.terminate();
  });
});

describe('a handshake that comes to nothing', () => {
  it('leaves its headers to nobody else, and ends nothing but itself', async () => {
    await using service = await TestService.start(
      serving(`
        fetch(request, server) {
          const { pathname } = new URL(request.url);
          if (pathname !== '/broken') return void server.upgrade(request, { headers: { 'set-cookie': 'of=' + pathname } });
          return new Response(new ReadableStream({ pull: (controller) => controller.error(new Error('on purpose')) })) },
        websocket: {}`),
    );
    const { port, href } = new URL(await service.panelUrl());
    for (const path of ['/no-key', '/broken']) {
      const socket = connect(Number(port), '127.0.0.1');
      socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
      socket.on('error', () => undefined).resume();
      await once(socket, 'close');
    }
    const socket = new WebSocket(`${href.replace('http', 'ws')}mine`);
    const [upgrade] = (await once(socket, 'upgrade')) as [{ headers: Record<string, unknown> }];
    expect(upgrade.headers['set-cookie']).toEqual(['of=/mine']);
    socket.terminate();
    expect(service.status).toMatchObject({ state: 'running', restarts: 0 });
  });
});

describe('a panel', () => {
  it('that is not announced is served from its folder, with what is in it at the moment', async () => {
    const files = {
      'manifest.json': { id: 'my-service', label: 'My Service', panel: {} },
      'index.ts': `export default class { id = 'my-service'; init() {} }`,
      'panel/index.html': 'one',
      'panel/.env': 'secret',
      'panel-not/x.txt': 'secret',
    };
    await using service = await TestService.start(files, { limits: { panelMs: 300 } });
    const url = await service.panelUrl();
    const answer = await fetch(url);
    expect([answer.status, await answer.text(), answer.headers.get('access-control-allow-origin')]).toEqual([
      200,
      'one',
      '*',
    ]);
    service.folder.write('my-service', { 'panel/index.html': 'two', 'panel/new.css': 'body {}' });
    expect(await (await fetch(url)).text()).toBe('two');
    expect((await fetch(`${url}/new.css`)).headers.get('content-type')).toContain('text/css');
    for (const path of ['/.env', '/%2eenv', '/../index.ts', '/..%2findex.ts', '/../panel-not/x.txt', '/none'])
      expect([path, await statusOf(url, path)]).toEqual([path, 404]);
  });

  it('of a service without a module is served at once', async () => {
    const files = {
      'manifest.json': { id: 'my-service', label: 'My Service', panel: {} },
      'panel/index.html': 'alone',
    };
    await using service = await TestService.start(files);
    expect(await (await fetch(await service.panelUrl())).text()).toBe('alone');
    expect(service.status.state).toBe('running');
  });

  it('whose folder is missing is said', async () => {
    const files = {
      'manifest.json': { id: 'my-service', label: 'My Service', panel: { dir: 'ui' } },
      'index.ts': `export default class { id = 'my-service'; init() {} }`,
    };
    await using service = await TestService.start(files, { limits: { panelMs: 100 } });
    await service.until('it is said', () => service.status.error !== null);
    expect(service.status).toMatchObject({ state: 'running', panelPort: null });
    expect(service.status.error).toMatch(
      /announced no panel, and there is no folder .*my-service\/ui to serve instead/,
    );
  });

  it('that is announced late takes the place of the folder', async () => {
    const files = {
      'manifest.json': { id: 'my-service', label: 'My Service', panel: {} },
      'panel/index.html': 'files',
      'index.ts': `import { existsSync } from 'node:fs';
        export default class { id = 'my-service'; init(_: unknown, { announcePanel }) {
        const timer = setInterval(() => {
          if (!existsSync('go')) return;
          clearInterval(timer);
          announcePanel(Bun.serve({ port: 0, fetch: () => new Response('own') }).port);
        }, 20) } }`,
    };
    await using service = await TestService.start(files, { limits: { panelMs: 50 } });
    const before = await service.panelUrl();
    expect(await (await fetch(before)).text()).toBe('files');
    service.folder.write('my-service', { go: '' });
    await service.until('it is another', () => `http://127.0.0.1:${service.status.panelPort}` !== before);
    expect(await (await fetch(await service.panelUrl())).text()).toBe('own');
  });

  it('needs a port', async () => {
    await using service = await TestService.start({
      'index.ts': `export default class { id = 'my-service'; init(_: unknown, { announcePanel }) { announcePanel('8080') } }`,
    });
    await service.until('it says so', () => service.status.error !== null);
    expect(service.status.error).toContain('announcePanel: 8080 is not a port');
  });
});

/** `fetch` would tidy the path up. */
async function statusOf(url: string, path: string): Promise<number | undefined> {
  const { port, hostname } = new URL(url);
  const asked = request({ port, hostname, path }).end();
  const [answer] = (await once(asked, 'response')) as [{ statusCode: number; resume: () => void }];
  answer.resume();
  return answer.statusCode;
}
