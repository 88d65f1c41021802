import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { request, type RequestOptions } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { TunnelTicket } from '@pizzapi/protocol';
import {
  freePort,
  RelayApi,
  RelayProcess,
  removeFolder,
  RunnerProcess,
  temporaryFolder,
  waitFor,
} from '@pizzapi/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { expose, startSession } from './console/tunnels.js';
import { selfSigned } from './tunnels/self-signed.js';

const NGINX = ['/usr/sbin/nginx', '/usr/local/sbin/nginx'].find((path) => existsSync(path)) ?? '';
const CONSOLE = 'pizzapi.example.com';
const DOCUMENT = new URL('../docs/tunnels.md', import.meta.url);

const service: RequestListener = (asked, answer) => {
  if (asked.url === '/upload') return void take(asked, answer);
  if (asked.url === '/headers') return void answer.writeHead(200, { 'x-large': 'x'.repeat(12_000) }).end();
  if (asked.url === '/events') return void answer.writeHead(200, { 'content-type': 'text/event-stream' }).write('one');
  answer.end(JSON.stringify(asked.headers));
};

/** What has come of uploads. */
let uploaded = 0;

function take(asked: IncomingMessage, answer: ServerResponse): void {
  uploaded = 0;
  asked.on('data', (chunk: Buffer) => (uploaded += chunk.length));
  asked.on('end', () => answer.end(String(uploaded)));
}

/** nginx as `docs/tunnels.md` sets it up, with other ports and a certificate of its own. */
describe.runIf(NGINX !== '')('behind nginx', () => {
  let home: string;
  let work: string;
  let relay: RelayProcess;
  let nginx: ChildProcess;
  let runner: RunnerProcess;
  let port: number;
  let origin: string;
  let cookie: string;
  const server = createServer(service);
  new WebSocketServer({ server }).on('connection', (socket) => socket.on('message', (data) => socket.send(data)));

  beforeAll(async () => {
    home = await temporaryFolder('nginx');
    work = await temporaryFolder('nginx-work');
    const env = {
      PIZZAPI_PUBLIC_URL: `https://${CONSOLE}`,
      PIZZAPI_TUNNEL_DOMAIN: 'tunnels.example.net',
      PIZZAPI_TRUSTED_PROXIES: '127.0.0.1',
    };
    relay = await RelayProcess.start({ home, env });
    port = await freePort();
    const plain = await freePort();
    nginx = await startNginx(home, { port, plain, relayPort: relay.port });
    const owner = await new RelayApi(relay.url).register('ada@example.com');
    // Its sockets and its tunnel go through the proxy too.
    const relayUrl = `http://127.0.0.1:${plain}`;
    runner = await RunnerProcess.start({ home, relayUrl, roots: [work], apiKey: owner.apiKey ?? '' });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The service has no port.');
    const tunnel = await expose(owner, await startSession(owner, runner.runnerId), address.port, 'Service');
    ({ origin } = tunnel);
    const ticket = await owner.post<TunnelTicket>(`/api/tunnels/${tunnel.tunnelId}/tickets`);
    const entered = await ask(ticket.body.url);
    expect(entered.statusCode).toBe(302);
    cookie = entered.headers['set-cookie']?.[0]?.split(';', 1)[0] ?? '';
  });
  afterAll(async () => {
    await runner.stop();
    nginx.kill();
    await once(nginx, 'exit');
    await relay.stop();
    server.closeAllConnections();
    server.close();
    await removeFolder(home);
    await removeFolder(work);
  });

  const begin = (url: string, options: RequestOptions = {}) => {
    const { host, pathname, search } = new URL(url);
    const headers = { host, ...(cookie && { cookie }), ...options.headers };
    const to = { host: '127.0.0.1', port, path: pathname + search, agent: false, rejectUnauthorized: false };
    return request({ ...to, ...options, headers });
  };
  const answerTo = (asked: ReturnType<typeof begin>): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => asked.once('response', resolve).once('error', reject));
  const ask = (url: string): Promise<IncomingMessage> => answerTo(begin(url).end());

  it('the console and the tunnels are reached by their names', async () => {
    expect((await ask(`https://${CONSOLE}/health/ready`)).statusCode).toBe(200);
    const said = JSON.parse(await text(await ask(`${origin}/`)));
    expect(said).toMatchObject({ 'x-forwarded-host': new URL(origin).host, 'x-forwarded-proto': 'https' });
    // Who asked the proxy, and the proxy.
    expect(said['x-forwarded-for']).toBe('127.0.0.1, 127.0.0.1');
  });

  it('events come as they are sent, over HTTP/1.1 and HTTP/2', async () => {
    const answer = await ask(`${origin}/events`);
    expect(String((await once(answer, 'data'))[0])).toBe('one');
    answer.destroy();
    const session = connectHttp2(`https://127.0.0.1:${port}`, { rejectUnauthorized: false });
    const stream = session.request({ ':authority': new URL(origin).host, ':path': '/events', cookie });
    expect(String((await once(stream, 'data'))[0])).toBe('one');
    session.destroy();
  });

  it('an upload arrives while it is sent, however large', async () => {
    const upload = begin(`${origin}/upload`, { method: 'POST', headers: { origin } });
    upload.write('first');
    await waitFor(() => uploaded === 5, { description: 'its beginning has arrived' });
    upload.end(Buffer.alloc(20_000_000));
    expect(await text(await answerTo(upload))).toBe('20000005');
  });

  it('large headers and WebSockets pass', async () => {
    expect((await ask(`${origin}/headers`)).headers['x-large']).toHaveLength(12_000);
    const socket = new WebSocket(`wss://127.0.0.1:${port}/`, {
      rejectUnauthorized: false,
      headers: { host: new URL(origin).host, origin, cookie },
    });
    await once(socket, 'open');
    socket.send('ping');
    expect(String((await once(socket, 'message'))[0])).toBe('ping');
    socket.close(4000);
    expect((await once(socket, 'close'))[0]).toBe(4000);
  });
});

interface Ports {
  /** With TLS, for browsers. */
  port: number;
  /** Without, for a runner that does not know the certificate. */
  plain: number;
  relayPort: number;
}

async function startNginx(folder: string, { port, plain, relayPort }: Ports): Promise<ChildProcess> {
  const { key, cert } = await selfSigned();
  const [keyFile, certFile, file] = ['key.pem', 'cert.pem', 'nginx.conf'].map((name) => join(folder, name));
  await Promise.all([writeFile(keyFile ?? '', key), writeFile(certFile ?? '', cert)]);
  const example = /```nginx\n([\s\S]*?)```/.exec(readFileSync(DOCUMENT, 'utf8'))?.[1] ?? '';
  const tls = example
    .replace('listen 443', `listen 127.0.0.1:${port}`)
    .replace('127.0.0.1:7492', `127.0.0.1:${relayPort}`)
    .replace(/ssl_certificate .*;/, `ssl_certificate ${certFile};`)
    .replace(/ssl_certificate_key .*;/, `ssl_certificate_key ${keyFile};`);
  const withoutTls = tls
    .slice(tls.indexOf('server {'))
    .replace(/listen .*;/, `listen 127.0.0.1:${plain} default_server;`)
    .replace(/ssl_.*;/g, '');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${folder}/${kind};`,
  );
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  const http = `http { access_log off; ${temporary.join(' ')}\n${tls}\n${withoutTls} }`;
  await writeFile(file ?? '', `${user} daemon off; pid ${folder}/nginx.pid; error_log stderr; events {}\n${http}\n`);
  const child = spawn(NGINX, ['-c', file ?? '', '-p', folder], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await waitFor(async () => (await fetch(`http://127.0.0.1:${plain}/health/ready`)).ok || said, {
    description: 'nginx answers',
  }).catch((error: unknown) => {
    throw new Error(`nginx did not start: ${said}`, { cause: error });
  });
  return child;
}
