import { describe, expect, it } from 'vitest';
import { aTunnel } from './fixture/a-tunnel.js';
import { rawService } from './fixture/raw-service.js';

const destination = { runnerId: 'runner-1', target: { kind: 'port', port: 1 } } as const;

describe('a call of our own', () => {
  it('gets status, headers and body', async () => {
    await using tunnel = await aTunnel({
      service: (request, response) => response.writeHead(202, { 'x-asked': request.url }).end(request.headers['x-own']),
    });
    const call = { destination, path: '/a?b=c', headers: [['x-own', 'hello']], maxBytes: 100 } as const;
    const answer = await tunnel.gate.connection?.call(call);
    expect(answer).toMatchObject({ status: 202, body: Buffer.from('hello') });
    expect(answer?.headers).toContainEqual(['x-asked', '/a?b=c']);
  });

  it('takes no more than it asked for', async () => {
    await using tunnel = await aTunnel({ service: (_request, response) => response.end(Buffer.alloc(101)) });
    const call = tunnel.gate.connection?.call({ destination, path: '/', maxBytes: 100 });
    await expect(call).rejects.toMatchObject({ code: 'oversized' });
  });

  it('ends with its signal', async () => {
    await using tunnel = await aTunnel({ service: () => undefined });
    const call = tunnel.gate.connection?.call({ destination, path: '/', maxBytes: 1, signal: AbortSignal.timeout(50) });
    await expect(call).rejects.toThrow('timeout');
    await expect.poll(() => tunnel.gate.connection?.openStreams).toBe(0);
  });

  it('fails by name', async () => {
    await using tunnel = await aTunnel({ service: rawService('SSH-2.0\r\n', { closes: true }) });
    const call = tunnel.gate.connection?.call({ destination, path: '/', maxBytes: 1 });
    await expect(call).rejects.toMatchObject({ code: 'garbage' });
    const invalid = tunnel.gate.connection?.call({ destination, path: 'no slash', maxBytes: 1 });
    await expect(invalid).rejects.toMatchObject({ code: expect.stringMatching(/malformed|interrupted/) });
  });
});
