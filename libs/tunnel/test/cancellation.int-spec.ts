import { once } from 'node:events';
import { request, type RequestListener } from 'node:http';
import { describe, expect, it } from 'vitest';
import { Revocation } from '../src/index.js';
import { aTunnel } from './fixture/a-tunnel.js';
import { ask, begin, isWhole } from './fixture/ask.js';
import { endless, stalling } from './fixture/endless.js';

describe('cancellation', () => {
  it('of a download reaches the service', async () => {
    const closed = Promise.withResolvers<void>();
    await using tunnel = await aTunnel({
      service: (asked, response) => {
        response.once('close', () => closed.resolve());
        endless(asked, response);
      },
    });
    const answer = await begin(tunnel.url);
    await once(answer, 'data');
    answer.destroy();
    await closed.promise;
    await expect.poll(() => tunnel.gate.ends).toEqual(['client-left']);
  });

  it('reaches a service that has not answered yet', async () => {
    const asked = Promise.withResolvers<void>();
    const closed = Promise.withResolvers<void>();
    await using tunnel = await aTunnel({
      service: (_request, response) => {
        response.once('close', () => closed.resolve());
        asked.resolve();
      },
    });
    const impatient = request(tunnel.url).on('error', () => undefined);
    impatient.end();
    await asked.promise;
    impatient.destroy();
    await closed.promise;
    await expect.poll(() => tunnel.gate.ends).toEqual(['client-left']);
  });

  it('by a revocation ends an answer in its middle, and a request before its answer', async () => {
    const service: RequestListener = (asked, response) => {
      if (asked.url !== '/silent') endless(asked, response);
    };
    const revocation = new Revocation();
    await using tunnel = await aTunnel({ service, gate: { exchange: () => ({ revocation }) } });
    const answer = await begin(tunnel.url);
    const download = isWhole(answer);
    const silent = ask(`${tunnel.url}/silent`);
    await expect.poll(() => tunnel.gate.connection?.openStreams).toBe(2);
    revocation.revoke();
    await expect(silent).rejects.toThrow('socket hang up');
    expect(await download).toBe(false);
    expect(tunnel.gate.ends).toEqual(['revoked', 'revoked']);
    await expect.poll(() => tunnel.gate.connection?.openStreams).toBe(0);
    // A credential that is gone opens nothing.
    await expect(ask(tunnel.url)).rejects.toThrow('socket hang up');
  });

  it('in the very moment in which the answer begins is no error of anything else', async () => {
    const closed: string[] = [];
    await using tunnel = await aTunnel({
      service: (asked, response) => {
        if (asked.url === '/fine') return void response.end('fine');
        response.once('close', () => closed.push(asked.url ?? ''));
        if (asked.url === '/endless') return endless(asked, response);
        response.writeHead(200, { trailer: 'x-sum' }).write('short');
        response.addTrailers({ 'x-sum': '1' });
        response.end();
      },
      gate: {
        exchange: (request) => ({
          rewriteAnswer: (head) => {
            if (request.url !== '/fine') request.socket.destroy();
            return head;
          },
        }),
      },
    });
    for (const path of ['/short', '/endless']) await expect(ask(tunnel.url + path)).rejects.toThrow('socket hang up');
    await expect.poll(() => closed.sort()).toEqual(['/endless', '/short']);
    await expect.poll(() => tunnel.gate.ends).toEqual(['client-left', 'client-left']);
    await expect.poll(() => tunnel.gate.connection?.openStreams).toBe(0);
    expect((await ask(`${tunnel.url}/fine`)).body.toString()).toBe('fine');
    expect(tunnel.gate.connections.length).toBe(1);
  });

  it('is no end of a session, however often', { timeout: 60_000 }, async () => {
    await using tunnel = await aTunnel({ service: stalling });
    for (let round = 0; round < 24; round++) {
      const answers = await Promise.all(Array.from({ length: 50 }, () => begin(tunnel.url)));
      for (const answer of answers) answer.destroy();
      await expect.poll(() => tunnel.gate.connection?.openStreams).toBe(0);
    }
    const answer = await begin(tunnel.url);
    expect(await once(answer, 'data')).toHaveLength(1);
    answer.destroy();
    expect(tunnel.gate.connections.length).toBe(1);
  });
});
