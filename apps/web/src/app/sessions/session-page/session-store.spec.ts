import type { QueuedInput, RelayToViewer, SessionState, ViewerAttach } from '@pizzapi/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { type SessionCalls, SessionStore } from './session-store';

const SESSION = '0198c0de-0000-7000-8000-000000000001';
const state: SessionState = { activity: 'idle', model: null, usage: null, queue: [], isInterrupted: false };

function input(text: string): QueuedInput {
  return { inputId: `inp_${text}`, text, deliverAs: 'prompt', ts: '2026-11-29T10:00:00.000Z' };
}

/** A session that is open in this browser; `waiting` is what the relay has for it. */
function open() {
  const cursors: (number | null)[] = [];
  const listeners = new Map<string, (message: unknown) => void>();
  const relay = { waiting: [] as QueuedInput[], timesAsked: 0 };
  const unasked = (): Promise<never> => Promise.reject(new Error('Nobody asks for this here.'));
  const api: SessionCalls = {
    inputs: () => {
      relay.timesAsked += 1;
      return Promise.resolve({ inputs: relay.waiting });
    },
    transcript: unasked,
    send: unasked,
    editInput: unasked,
    removeInput: unasked,
    abort: unasked,
    continue: unasked,
    setModel: unasked,
  };
  const port = {
    connected: true,
    on: (event: string, listener: (message: unknown) => void) => listeners.set(event, listener),
    off: (event: string) => listeners.delete(event),
    attach: ({ afterSeq }: ViewerAttach) => {
      cursors.push(afterSeq);
      return Promise.resolve({ ok: true as const });
    },
    detach: () => undefined,
    dropped: () => undefined,
  };
  const store = new SessionStore(SESSION, api, port, (task) => {
    task();
    return () => undefined;
  });
  store.open();
  const say = <E extends keyof RelayToViewer>(event: E, message: Parameters<RelayToViewer[E]>[0]): void =>
    listeners.get(event)?.(message);
  say('session:resync', {
    sessionId: SESSION,
    page: { entries: [], firstSeq: 0, lastSeq: 0, hasMore: false },
    nextSeq: 7,
    state,
  });
  const news = (sessionId = SESSION): void => say('session:deliveries-changed', { sessionId });
  const shown = (): string[] => store.conversation().queue.value.map(({ text }) => text);
  return { store, relay, say, news, shown, cursors };
}

describe('what waits for a session whose worker is away', () => {
  beforeEach(() => localStorage.clear());

  it('is shown as it changes, whoever changes it', async () => {
    const { store, relay, news, shown } = open();
    store.attached(false);
    relay.waiting = [input('one')];
    news('another');
    news();
    await expect.poll(shown).toEqual(['one']);
    relay.waiting = [input('one'), input('two')];
    news();
    await expect.poll(shown).toEqual(['one', 'two']);
    relay.waiting = [];
    news();
    await expect.poll(shown).toEqual([]);
  });

  it('goes as the worker that has come takes it, by its event or, where that says nothing, by the relay', async () => {
    const { store, relay, say, news, shown } = open();
    store.attached(false);
    relay.waiting = [input('one')];
    news();
    await expect.poll(shown).toEqual(['one']);
    store.attached(true);
    relay.waiting = [];
    news();
    await expect.poll(shown).toEqual([]);

    const asked = relay.timesAsked;
    const ts = '2026-11-29T10:00:01.000Z';
    say('session:events', {
      sessionId: SESSION,
      events: [{ seq: 7, ts, type: 'queue.changed', data: { inputs: [input('two')] } }],
    });
    // From here on the worker says what waits.
    news();
    expect(shown()).toEqual(['two']);
    expect(relay.timesAsked).toBe(asked);
  });
});

describe('a session that is left and opened again', () => {
  beforeEach(() => localStorage.clear());

  it('goes on from where it was', () => {
    const { store, cursors } = open();
    store.close();
    store.open();
    expect(cursors).toEqual([null, 6]);
  });

  it('begins with a page if its branch changed just before it was left', () => {
    const { store, say, cursors } = open();
    const ts = '2026-11-29T10:00:01.000Z';
    say('session:events', {
      sessionId: SESSION,
      events: [{ seq: 7, ts, type: 'branch.changed', data: { leafId: 'a' } }],
    });
    store.close();
    store.open();
    expect(cursors).toEqual([null, null]);
  });
});
