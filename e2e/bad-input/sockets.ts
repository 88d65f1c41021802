import { randomUUID } from 'node:crypto';
import { PROTOCOL_VERSION, type SessionEvent } from '@pizzapi/protocol';
import { ScriptedRunner, TestViewer, waitFor } from '@pizzapi/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { HostileSocket } from './hostile-socket.js';
import type { Product } from './product.js';

const MIB = 1024 * 1024;
const MALFORMED = 'pizzapi_socket_malformed_messages_total';
const CLOSED = 'pizzapi_socket_closed_total';
const nonsense: unknown[][] = [
  [],
  [null],
  [42],
  ['text'],
  [[]],
  [{ sessionId: '../../etc' }],
  [{ events: [{ seq: -1 }] }],
];

export function hostileSockets(product: () => Product): void {
  describe('hostile socket messages', () => {
    const opened: { stop(): void }[] = [];
    afterEach(() => {
      for (const each of opened.splice(0)) each.stop();
    });

    it.each([
      ['/viewer', ['session:attach', 'session:detach', 'no:such', 'error']],
      ['/hub', ['session:updated', 'no:such']],
      ['/runner', ['order:done', 'worker:report', 'runner:orders']],
      ['/agent', ['agent:register', 'agent:events', 'inbox:received', 'no:such']],
    ])('%s: malformed ones are dropped and counted, the connection survives', async (namespace, names) => {
      const socket = await connect(namespace);
      const before = await product().metric(MALFORMED);
      for (const name of names) for (const args of nonsense) socket.tell(name, ...args);
      const answer = await socket.ask(names[0] ?? '', { sessionId: 1 });
      expect(answer).toMatchObject({ ok: false, problem: { code: 'malformed_message' } });
      expect(await product().metric(MALFORMED)).toBe(before + names.length * nonsense.length + 1);
      expect(socket).toMatchObject({ isConnected: true, closing: null });
    });

    it.each([
      ['/viewer', 1_000],
      ['/hub', 1_000],
      ['/runner', 20_000],
      ['/agent', 20_000],
    ])(
      '%s: a flood closes the connection, counted and with its reason; the relay goes on',
      async (namespace, count) => {
        const socket = await connect(namespace);
        const before = await product().metric(CLOSED);
        const name = { '/viewer': 'session:detach', '/runner': 'order:done', '/agent': 'inbox:received' }[namespace];
        const message = { sessionId: randomUUID(), cursor: '0-1', deliveryIds: ['inp_none'] };
        for (let sent = 0; sent < count; sent++) socket.tell(name ?? 'no:such', message);
        await socket.closed();
        expect(['flooding', ...(name ? [] : ['malformed_message'])]).toContain(socket.closing?.code);
        expect(await product().metric(CLOSED)).toBe(before + 1);
        expect((await connect(namespace)).isConnected).toBe(true);
      },
    );

    it('a flood of packets that are no messages, before any credential was shown', async () => {
      const before = await product().metric(CLOSED);
      const raw = new WebSocket(`${product().relay.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
      const closed = new Promise((resolve) => raw.addEventListener('close', resolve));
      await new Promise((resolve) => raw.addEventListener('message', resolve, { once: true }));
      // Handshakes among what costs a relay nothing: were there nothing else, a busy one would take them slowly enough.
      const flood = setInterval(() => {
        if (raw.bufferedAmount > MIB) return;
        for (let sent = 0; sent < 5_000; sent++) raw.send(sent % 50 === 0 ? '40/viewer,' : '3');
      }, 10);
      await closed;
      clearInterval(flood);
      expect(await product().metric(CLOSED)).toBe(before + 1);
    });

    it('malformed ones that keep coming close the connection', async () => {
      const socket = await connect('/viewer');
      for (let sent = 0; sent < 60; sent++) socket.tell('session:attach', 'nonsense');
      await socket.closed();
      expect(socket.closing?.code).toBe('malformed_message');
    });

    it('a handshake that is nonsense', async () => {
      const { relay, ada } = product();
      const headers = { 'x-api-key': ada.apiKey ?? '' };
      for (const auth of [{}, { protocol: 1 }, { protocol: 1, hello: { runnerId: 'me', roots: [] } }])
        expect(await HostileSocket.refusal(`${relay.url}/runner`, { headers, auth })).toMatchObject({
          code: 'malformed_message',
        });
    });

    it('nobody comes in by the root or by a namespace of their own', async () => {
      const { relay, ada } = product();
      const headers = { 'x-api-key': ada.apiKey ?? '' };
      expect(await HostileSocket.refusal(relay.url, { headers })).toMatchObject({ code: 'unauthenticated' });
      await HostileSocket.refusal(`${relay.url}/admin`, { headers });
    });

    it('an event with a wrong number: a gap is refused, a duplicate skipped, an older worker shut out', async () => {
      const { relay, ada } = product();
      const runner = keep(await ScriptedRunner.connect(ada, 'numbers'));
      const worker = await runner.startSession();
      worker.stop();
      const { sessionId } = worker;
      const socket = await attachWorker(runner, sessionId);
      const viewer = keep(new TestViewer(relay.url, ada.apiKey ?? '', sessionId));
      const epoch = Date.now() + 60_000;
      expect(await socket.ask('agent:events', { events: [named(1)] })).toMatchObject({
        ok: false,
        problem: { code: 'forbidden' },
      });
      const opened = await socket.ask('agent:register', { sessionId, epoch, nextSeq: null });
      expect(opened).toMatchObject({ ok: true, lastSeq: 0 });
      expect(await socket.ask('agent:events', { events: [named(1), named(2)] })).toMatchObject({
        ok: true,
        lastSeq: 2,
      });
      expect(await socket.ask('agent:events', { events: [named(4)] })).toMatchObject({
        ok: false,
        problem: { code: 'sequence_gap' },
      });
      expect(await socket.ask('agent:events', { events: [named(3), named(5)] })).toMatchObject({
        ok: false,
        problem: { code: 'malformed_message' },
      });
      expect(await socket.ask('agent:events', { events: [named(1), named(2), named(3)] })).toMatchObject({
        ok: true,
        lastSeq: 3,
      });
      await viewer.reached(3);
      expect(viewer.count).toMatchObject({ applied: 3, duplicates: 0, gaps: 0 });

      const older = await attachWorker(runner, sessionId);
      expect(await older.ask('agent:register', { sessionId, epoch: epoch - 1, nextSeq: null })).toMatchObject({
        ok: false,
        problem: { code: 'epoch_superseded' },
      });
      const newer = await attachWorker(runner, sessionId);
      expect(await newer.ask('agent:register', { sessionId, epoch: epoch + 1, nextSeq: null })).toMatchObject({
        ok: true,
        lastSeq: 3,
      });
      await socket.closed();
    });

    it('a worker that a newer one has superseded exits', async () => {
      const { ada } = product();
      const sessionId = await product().create({ model: { provider: 'demo', id: 'demo' } });
      const isIdle = ({ activity }: { activity: unknown }): boolean => activity === 'idle';
      await product().session(sessionId, isIdle);
      const pid = product().workerPid(sessionId);
      const { token } = (
        await ada.post<{ token: string }>(`/api/runners/${product().runner.runnerId}/worker-tokens`, { sessionId })
      ).body;
      const usurper = keep(
        await HostileSocket.connect(`${product().relay.url}/agent`, { auth: { token, protocol: PROTOCOL_VERSION } }),
      );
      await usurper.ask('agent:register', { sessionId, epoch: 1_000_000_000_000_000, nextSeq: null });
      await waitFor(() => !isAlive(pid), { description: 'the superseded worker exits' });
    });

    function named(seq: number): SessionEvent {
      return { seq, type: 'name.changed', ts: new Date().toISOString(), data: { name: `Number ${seq}` } };
    }

    async function connect(namespace: string): Promise<HostileSocket> {
      const { relay, ada } = product();
      if (namespace === '/agent') {
        const runner = keep(await ScriptedRunner.connect(ada, 'hostile'));
        const worker = await runner.startSession();
        worker.stop();
        return attachWorker(runner, worker.sessionId);
      }
      const hello = { runnerId: randomUUID(), name: 'hostile', platform: 'linux', version: '0.1.0', roots: ['/srv'] };
      return keep(
        await HostileSocket.connect(relay.url + namespace, {
          headers: { 'x-api-key': ada.apiKey ?? '' },
          auth: { protocol: PROTOCOL_VERSION, hello },
        }),
      );
    }

    async function attachWorker(runner: ScriptedRunner, sessionId: string): Promise<HostileSocket> {
      const token = await runner.token(sessionId);
      return keep(
        await HostileSocket.connect(`${product().relay.url}/agent`, { auth: { token, protocol: PROTOCOL_VERSION } }),
      );
    }

    function keep<T extends { stop(): void }>(socket: T): T {
      opened.push(socket);
      return socket;
    }
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false; // no such process: the question was exactly that
  }
}
