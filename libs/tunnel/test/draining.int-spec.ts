import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { aTunnel } from './fixture/a-tunnel.js';
import { ask, begin, isWhole } from './fixture/ask.js';
import { waitUntil } from './fixture/wait-until.js';

/** Answers `/` at once, everything else with events until it is told to end. */
function events() {
  const listeners: ServerResponse[] = [];
  const service = ({ url }: { url?: string }, response: ServerResponse) => {
    if (url === '/') return response.end('fine');
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
    listeners.push(response);
  };
  return { listeners, service };
}

describe('draining at the asking end', () => {
  it('lets an event stream go on while the runner is already back', async () => {
    const { listeners, service } = events();
    await using tunnel = await aTunnel({ service });
    const stream = await begin(`${tunnel.url}/events`);
    await once(stream, 'data');
    const [old] = tunnel.gate.connections;
    const drained = old?.drain(20_000);
    await waitUntil(() => tunnel.gate.connections.length === 2, 'the runner has dialled again');
    expect(old?.isOpen).toBe(false);
    expect((await ask(tunnel.url)).body.toString()).toBe('fine');
    listeners[0]?.write('data: 2\n\n');
    expect(String((await once(stream, 'data'))[0])).toBe('data: 2\n\n');
    listeners[0]?.end();
    expect(await isWhole(stream)).toBe(true);
    await drained;
    expect(tunnel.runner.isOpen).toBe(true);
  });

  it('ends what is not done when the time is over', async () => {
    const { service } = events();
    await using tunnel = await aTunnel({ service });
    const stream = await begin(`${tunnel.url}/events`);
    await tunnel.gate.connections[0]?.drain(100);
    expect(await isWhole(stream)).toBe(false);
    expect(tunnel.gate.ends).toEqual(['cut']);
  });

  it('is over at once when nothing is on its way', async () => {
    const { service } = events();
    await using tunnel = await aTunnel({ service });
    await ask(tunnel.url);
    await tunnel.gate.connections[0]?.drain(60_000);
  });

  it('refuses what comes after, by name', async () => {
    const { service } = events();
    await using tunnel = await aTunnel({ service });
    const stream = await begin(`${tunnel.url}/events`);
    const [old] = tunnel.gate.connections;
    const drained = old?.drain(200);
    const destination = { runnerId: 'runner-1', target: { kind: 'port', port: 1 } } as const;
    await expect(old?.call({ destination, path: '/', maxBytes: 1 })).rejects.toMatchObject({ code: 'offline' });
    stream.destroy();
    await drained;
  });
});

describe('draining at the answering end', () => {
  it('answers what was asked, and takes nothing more', async () => {
    const { listeners, service } = events();
    await using tunnel = await aTunnel({ service });
    const stream = await begin(`${tunnel.url}/events`);
    const closed = tunnel.runner.close(20_000);
    await waitUntil(() => tunnel.gate.connection === null, 'the gate has been told');
    expect((await ask(tunnel.url)).body.toString()).toBe('offline');
    listeners[0]?.end();
    expect(await isWhole(stream)).toBe(true);
    await closed;
    expect(tunnel.gate.connections.length).toBe(1);
  });
});

describe('requests on their way to an end that drains', () => {
  const call = {
    destination: { runnerId: 'runner-1', target: { kind: 'port', port: 1 } },
    path: '/',
    maxBytes: 9,
  } as const;

  it('have reached nobody, and are told so', async () => {
    const { service } = events();
    await using tunnel = await aTunnel({ service });
    const stream = await begin(`${tunnel.url}/events`);
    const end = tunnel.gate.connection;
    const closed = tunnel.runner.close(20_000);
    await expect(end?.call(call)).rejects.toMatchObject({ code: 'offline' });
    stream.destroy();
    await closed;
  });

  it('have reached nobody either where nothing else was open', async () => {
    await using tunnel = await aTunnel({ service: null });
    const answer = tunnel.gate.connection?.call(call);
    const closed = tunnel.runner.close(20_000);
    await expect(answer).rejects.toMatchObject({ code: 'offline' });
    await closed;
  });

  it('have reached somebody who says so, and is cut off', async () => {
    const asked = Promise.withResolvers<void>();
    await using tunnel = await aTunnel({ service: () => asked.resolve() });
    const answer = tunnel.gate.connection?.call(call);
    await asked.promise;
    const closed = tunnel.runner.close(20_000);
    await waitUntil(() => tunnel.gate.connection === null, 'the gate has heard of it');
    tunnel.wire.cut();
    await expect(answer).rejects.toMatchObject({ code: 'interrupted' });
    await closed;
  });

  it('have reached somebody who does not answer, if the connection is cut', async () => {
    const asked = Promise.withResolvers<void>();
    await using tunnel = await aTunnel({ service: () => asked.resolve() });
    const answer = tunnel.gate.connection?.call(call);
    await asked.promise;
    tunnel.wire.cut();
    await expect(answer).rejects.toMatchObject({ code: 'interrupted' });
  });
});

describe('a connection that has carried as many requests as it may', () => {
  it('is replaced, and no request is lost', async () => {
    const { service } = events();
    await using tunnel = await aTunnel({ service, gate: { maxRequests: 20 } });
    for (let at = 0; at < 60; at++) expect((await ask(tunnel.url)).body.toString()).toBe('fine');
    await waitUntil(() => tunnel.gate.connections.length >= 2, 'the runner has dialled again');
    expect(tunnel.gate.ends).toEqual(Array.from({ length: 60 }, () => 'complete'));
  });
});
