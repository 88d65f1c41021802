import type {
  RelayToViewer,
  SessionEvent,
  SessionState,
  SocketAnswer,
  TranscriptPage,
  ViewerAttach,
} from '@pizzapi/protocol';
import { SessionFeed, type ViewerPort } from './session-feed';

const SESSION = '0198c0de-0000-7000-8000-000000000001';

/** The relay's end of /viewer, in memory: what was asked, and a way to say things. */
class RelayEnd implements ViewerPort {
  connected = true;
  readonly attached: ViewerAttach[] = [];
  answer: SocketAnswer = { ok: true };
  private readonly target = new Map<string, Set<(message: unknown) => void>>();

  on(event: string, listener: (message: unknown) => void): void {
    const listeners = this.target.get(event) ?? new Set();
    this.target.set(event, listeners.add(listener));
  }
  off(event: string, listener: (message: unknown) => void): void {
    this.target.get(event)?.delete(listener);
  }
  attach(message: ViewerAttach): Promise<SocketAnswer> {
    this.attached.push(message);
    return Promise.resolve(this.answer);
  }
  detach(): void {
    this.connected = true;
  }
  droppedCount = 0;
  dropped(): void {
    this.droppedCount += 1;
  }
  say<E extends keyof RelayToViewer>(event: E, message: Parameters<RelayToViewer[E]>[0]): void {
    this.sayAnything(event, message);
  }
  sayAnything(event: string, message: unknown): void {
    for (const listener of this.target.get(event) ?? []) listener(message);
  }
  reconnect(): void {
    this.connected = true;
    for (const listener of this.target.get('connect') ?? []) listener(undefined);
  }
  send(...seqs: number[]): void {
    this.say('session:events', { sessionId: SESSION, events: seqs.map(named) });
  }
}

function named(seq: number): SessionEvent {
  return { seq, type: 'name.changed', ts: '2026-11-20T10:00:00.000Z', data: { name: `n${seq}` } };
}
const page: TranscriptPage = { entries: [], firstSeq: 0, lastSeq: 0, hasMore: false };
const state: SessionState = { activity: 'idle', model: null, usage: null, queue: [], isInterrupted: false };

function setUp() {
  const relay = new RelayEnd();
  const applied: number[] = [];
  const batches: number[] = [];
  const pages: TranscriptPage[] = [];
  const detached: string[] = [];
  const frames: (() => void)[] = [];
  const feed = new SessionFeed(
    relay,
    SESSION,
    {
      resynced: (resync) => pages.push(resync.page),
      applied: (events) => {
        batches.push(events.length);
        applied.push(...events.map((event) => event.seq));
      },
      viewersChanged: () => undefined,
      deliveriesChanged: () => undefined,
      detached: (code) => detached.push(code),
    },
    (task) => {
      frames.push(task);
      return () => frames.splice(frames.indexOf(task) >>> 0, 1);
    },
  );
  const frame = (): void => frames.splice(0).forEach((task) => task());
  return { relay, feed, applied, batches, pages, detached, frame };
}

describe('SessionFeed', () => {
  it('asks for the end first, then goes on from the page’s number', () => {
    const { relay, feed, applied, pages, frame } = setUp();
    feed.open();
    expect(relay.attached).toEqual([{ sessionId: SESSION, afterSeq: null }]);
    relay.say('session:resync', { sessionId: SESSION, page, nextSeq: 41, state });
    relay.send(41, 42);
    frame();
    expect(pages).toHaveLength(1);
    expect(applied).toEqual([41, 42]);
    expect(feed.counts).toMatchObject({ cursor: 42, applied: 2, duplicates: 0, gaps: 0, resyncs: 1 });
  });

  it('shows nothing of what is told again before the page’s end, however many messages it takes', () => {
    const { relay, feed, applied, batches, frame } = setUp();
    feed.open();
    // Something that began with 41 still goes on.
    relay.say('session:resync', { sessionId: SESSION, page: { ...page, lastSeq: 45 }, nextSeq: 41, state });
    relay.send(41, 42);
    frame();
    feed.close();
    expect(applied).toEqual([]);
    feed.open();
    expect(relay.attached.at(-1)).toEqual({ sessionId: SESSION, afterSeq: 42 });
    relay.send(43, 44);
    frame();
    expect(applied).toEqual([]);
    relay.send(45);
    relay.send(46);
    frame();
    expect(batches).toEqual([6]);
    relay.send(47);
    frame();
    expect(applied).toEqual([41, 42, 43, 44, 45, 46, 47]);
  });

  it('loses nothing of what is told again when another page comes first', () => {
    const { relay, feed, applied, frame } = setUp();
    feed.open();
    relay.say('session:resync', { sessionId: SESSION, page: { ...page, lastSeq: 45 }, nextSeq: 41, state });
    relay.send(41, 42);
    frame();
    relay.say('session:resync', { sessionId: SESSION, page: { ...page, lastSeq: 45 }, nextSeq: 46, state });
    expect(applied).toEqual([41, 42]);
    relay.send(46);
    frame();
    expect(applied).toEqual([41, 42, 46]);
  });

  it('takes a new session without a page', () => {
    const { relay, feed, applied, frame } = setUp();
    feed.open();
    relay.send(1, 2);
    frame();
    expect(applied).toEqual([1, 2]);
  });

  it('applies once per frame, however many messages come', () => {
    const { relay, feed, batches, frame } = setUp();
    feed.open();
    for (let seq = 1; seq <= 50; seq += 1) relay.send(seq);
    frame();
    expect(batches).toEqual([50]);
  });

  it('continues from its cursor after a reconnect and drops what it has', () => {
    const { relay, feed, applied, frame } = setUp();
    feed.open();
    relay.send(1, 2, 3);
    relay.connected = false;
    relay.reconnect();
    expect(relay.attached.at(-1)).toEqual({ sessionId: SESSION, afterSeq: 3 });
    relay.send(2, 3, 4);
    frame();
    expect(applied).toEqual([1, 2, 3, 4]);
    expect(feed.counts.duplicates).toBe(2);
  });

  it('attaches anew at a hole, and applies nothing behind it', async () => {
    const { relay, feed, applied, frame } = setUp();
    feed.open();
    await Promise.resolve();
    relay.send(1, 2);
    await Promise.resolve();
    relay.send(5, 6);
    expect(relay.attached.at(-1)).toEqual({ sessionId: SESSION, afterSeq: 2 });
    relay.send(3, 4, 5, 6, 7);
    frame();
    expect(applied).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(feed.counts.gaps).toBe(1);
  });

  it('ignores other sessions, and late events before its page', () => {
    const { relay, feed, applied, frame } = setUp();
    feed.open();
    relay.say('session:events', { sessionId: SESSION.replace(/1$/, '2'), events: [named(1)] });
    relay.send(90, 91);
    frame();
    expect(applied).toEqual([]);
    expect(relay.attached).toHaveLength(1);
  });

  it('keeps the cursor over close and open', () => {
    const { relay, feed, applied } = setUp();
    feed.open();
    relay.send(1, 2);
    feed.close();
    expect(applied).toEqual([1, 2]);
    relay.send(3);
    feed.open();
    expect(relay.attached.at(-1)?.afterSeq).toBe(2);
  });

  it('drops what it can’t read, and does not ask for it again in a loop', async () => {
    vi.useFakeTimers();
    const { relay, feed, applied, frame } = setUp();
    feed.open();
    await Promise.resolve();
    relay.send(1);
    await Promise.resolve();
    relay.sayAnything('session:events', { sessionId: SESSION, events: [{ seq: '2', kind: 'new' }] });
    relay.sayAnything('session:resync', { sessionId: SESSION, page: null });
    relay.send(3);
    frame();
    expect({ applied, dropped: relay.droppedCount, attached: relay.attached.length }).toEqual({
      applied: [1],
      dropped: 2,
      attached: 1,
    });
    await vi.advanceTimersByTimeAsync(2000);
    expect(relay.attached.at(-1)).toEqual({ sessionId: SESSION, afterSeq: 1 });
    vi.useRealTimers();
  });

  describe('that misses something', () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());

    it('attaches again for a hole that came while it was attaching, if it is still there', async () => {
      const { relay, feed, applied, frame } = setUp();
      const answer = Promise.withResolvers<SocketAnswer>();
      relay.attach = (message) => {
        relay.attached.push(message);
        return answer.promise;
      };
      feed.open();
      relay.send(1, 2);
      relay.send(5);
      answer.resolve({ ok: true });
      await vi.advanceTimersByTimeAsync(2000);
      expect(relay.attached.slice(1)).toEqual([{ sessionId: SESSION, afterSeq: 2 }]);
      relay.send(3, 4, 5);
      await vi.advanceTimersByTimeAsync(10_000);
      frame();
      expect(applied).toEqual([1, 2, 3, 4, 5]);
      expect(relay.attached).toHaveLength(2);
    });

    it('does not attach again where that hole was the end of the attachment before', async () => {
      const { relay, feed } = setUp();
      feed.open();
      relay.send(1, 2);
      await vi.advanceTimersByTimeAsync(0);
      relay.send(4);
      relay.send(5);
      await vi.advanceTimersByTimeAsync(0);
      relay.send(3, 4, 5);
      await vi.advanceTimersByTimeAsync(10_000);
      expect(relay.attached).toHaveLength(2);
    });

    it('asks again for a page that it could not read, also if nothing follows', async () => {
      const { relay, feed, pages } = setUp();
      feed.open();
      await vi.advanceTimersByTimeAsync(0);
      relay.sayAnything('session:resync', { sessionId: SESSION, page: null });
      await vi.advanceTimersByTimeAsync(2000);
      expect(relay.attached).toHaveLength(2);
      relay.say('session:resync', { sessionId: SESSION, page, nextSeq: 41, state });
      await vi.advanceTimersByTimeAsync(10_000);
      expect(pages).toHaveLength(1);
      expect(relay.attached).toHaveLength(2);
    });

    it('asks for what it can’t read ever more seldom, however much comes meanwhile', async () => {
      const { relay, feed } = setUp();
      feed.open();
      relay.send(1);
      relay.attach = (message) => {
        relay.attached.push(message);
        relay.sayAnything('session:events', { sessionId: SESSION, events: [{ seq: 2 }] });
        return Promise.resolve({ ok: true });
      };
      relay.sayAnything('session:events', { sessionId: SESSION, events: [{ seq: 2 }] });
      for (let seq = 3; seq < 563; seq += 1) {
        relay.send(seq);
        await vi.advanceTimersByTimeAsync(50);
      }
      // After 2, 6, 14 and (not any more) 30 seconds.
      expect(relay.attached).toHaveLength(1 + 3);
    });
  });

  it('says when the session is not ours', async () => {
    const { relay, feed, detached } = setUp();
    relay.answer = { ok: false, problem: { code: 'not_found', detail: 'No such session.' } };
    feed.open();
    await vi.waitFor(() => expect(detached).toEqual(['not_found']));
  });
});
