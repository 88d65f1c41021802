import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { aTunnel } from './fixture/a-tunnel.js';
import { begin } from './fixture/ask.js';

describe('event streams', () => {
  it('bring each event at once, and end at the service when the client goes', async () => {
    const listeners = new Set<ServerResponse>();
    await using tunnel = await aTunnel({
      service: (request, response) => {
        // A port is another test's as soon as it is free: whoever still asks there is not heard.
        if (request.url !== '/events') return void response.writeHead(404).end();
        response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
        listeners.add(response);
        response.once('close', () => listeners.delete(response));
      },
    });
    const answer = await begin(`${tunnel.url}/events`);
    expect(answer.headers['content-type']).toBe('text/event-stream');
    for (const event of ['data: 1\n\n', 'data: 2\n\n']) {
      for (const listener of listeners) listener.write(event);
      expect(String((await once(answer, 'data'))[0])).toBe(event);
    }
    answer.destroy();
    await expect.poll(() => listeners.size).toBe(0);
    expect(tunnel.gate.ends).toEqual(['client-left']);
    expect(tunnel.gate.connection?.openStreams).toBe(0);
  });
});
