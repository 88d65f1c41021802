import { describe, expect, it } from 'vitest';
import { aTunnel } from './fixture/a-tunnel.js';

describe('requests', () => {
  it('carries method, path, headers and body, and the answer back', async () => {
    await using tunnel = await aTunnel({
      service: (request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          const { method, url, headers } = request;
          response.writeHead(201, { 'content-type': 'application/json' });
          response.end(JSON.stringify({ method, url, headers, body: Buffer.concat(chunks).toString() }));
        });
      },
    });
    const answer = await fetch(`${tunnel.url}/a%2Fb?c=d&e=%20`, {
      method: 'PUT',
      body: 'hello',
      headers: { 'x-own': 'Ü' },
    });
    expect(answer.status).toBe(201);
    expect(await answer.json()).toMatchObject({
      method: 'PUT',
      url: '/a%2Fb?c=d&e=%20',
      body: 'hello',
      headers: { host: `localhost:${tunnel.service?.port}`, 'content-length': '5', 'x-own': 'Ü' },
    });
    expect(tunnel.gate.ends).toEqual(['complete']);
  });
});
