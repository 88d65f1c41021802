import { describe, expect, it } from 'vitest';
import { aTunnel } from './fixture/a-tunnel.js';
import { ask } from './fixture/ask.js';
import { rawService } from './fixture/raw-service.js';

describe('answers without a body', () => {
  it('HEAD: the headers of the body that would have been', async () => {
    await using tunnel = await aTunnel({
      service: (_request, response) => response.writeHead(200, { 'content-length': '12345', etag: '"1"' }).end(),
    });
    const { status, headers, body } = await ask(tunnel.url, { method: 'HEAD' });
    expect([status, headers['content-length'], headers.etag, body.length]).toEqual([200, '12345', '"1"', 0]);
  });

  it('HEAD of an answer in chunks that announces trailers', async () => {
    await using tunnel = await aTunnel({
      service: (_request, response) =>
        response.writeHead(200, ['Transfer-Encoding', 'chunked', 'Trailer', 'x-sum']).end(),
    });
    const { status, headers } = await ask(tunnel.url, { method: 'HEAD' });
    expect([status, headers['transfer-encoding']]).toEqual([200, undefined]);
  });

  it('204, also where the service says a length, which HTTP/2 forbids', async () => {
    const server = rawService('HTTP/1.1 204 No Content\r\nContent-Length: 0\r\nX-Own: 1\r\n\r\n');
    await using tunnel = await aTunnel({ service: server });
    const { status, headers, body } = await ask(tunnel.url, { method: 'DELETE' });
    expect([status, headers['x-own'], body.length]).toEqual([204, '1', 0]);
  });

  it('304 with the length of what it stands for', async () => {
    const server = rawService('HTTP/1.1 304 Not Modified\r\nContent-Length: 77\r\nETag: "1"\r\n\r\n');
    await using tunnel = await aTunnel({ service: server });
    const { status, headers, body } = await ask(tunnel.url, { headers: { 'if-none-match': '"1"' } });
    expect([status, headers.etag, headers['content-length'], body.length]).toEqual([304, '"1"', '77', 0]);
  });

  it('an empty body that is announced', async () => {
    await using tunnel = await aTunnel({
      service: (_request, response) => response.writeHead(200, { 'content-length': '0' }).end(),
    });
    const { status, headers, body } = await ask(tunnel.url, { method: 'POST', headers: { 'content-length': '0' } });
    expect([status, headers['content-length'], body.length]).toEqual([200, '0', 0]);
  });
});
