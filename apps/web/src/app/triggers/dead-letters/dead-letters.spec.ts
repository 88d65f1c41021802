import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import type { DeadLetterView } from '@pizzapi/protocol';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { provideSilentConnection, SilentConnection } from '../../../testing/silent-connection';
import { find, until } from '../../../testing/until';
import { DeadLettersApi } from '../../core/api/dead-letters-api';
import { Commands } from '../../core/commands';
import { Toasts } from '../../core/toasts';
import { DeadLetters } from './dead-letters';

function aLetter(number: number): DeadLetterView {
  return {
    deliveryId: `d${number}`,
    kind: 'trigger',
    sessionId: 's1',
    sessionName: 'Watcher',
    runnerId: 'r1',
    triggerId: `trg_${number}`,
    listenerId: null,
    type: 'ci:finished',
    summary: `Build ${number}`,
    payload: { build: number },
    reason: { code: 'session_failed', detail: 'Its session could not be started.' },
    attempts: 3,
    ts: '2026-01-01T00:00:00.000Z',
    diedAt: '2026-01-01T01:00:00.000Z',
  };
}

describe('DeadLetters', () => {
  const connection = new SilentConnection();
  const api = { list: vi.fn(), count: vi.fn(), replay: vi.fn(), discard: vi.fn() };

  beforeEach(() => {
    vi.resetAllMocks();
    api.count.mockResolvedValue(2);
    api.list.mockResolvedValue({ deadLetters: [aLetter(1), aLetter(2)] });
    TestBed.configureTestingModule({
      providers: [provideRouter([]), provideSilentConnection(connection), { provide: DeadLettersApi, useValue: api }],
    });
  });

  async function open() {
    const fixture = TestBed.createComponent(DeadLetters);
    document.body.append(fixture.nativeElement);
    const page: HTMLElement = fixture.nativeElement;
    await until(fixture, () => find(page, '.row', 'Build 2'));
    return { fixture, page };
  }
  const press = (key: string): void => {
    document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  };
  const run = (id: string): void =>
    TestBed.inject(Commands)
      .all()
      .find((command) => command.id === id)
      ?.run();

  it('selects by keyboard and replays the selected', async () => {
    api.replay.mockResolvedValue({ done: 2, failed: [] });
    const { fixture, page } = await open();
    find(page, '.row', 'Build 1')?.focus();
    press(' ');
    press('ArrowDown');
    press(' ');
    await until(fixture, () => find(page, '.bulk', '2 selected'));
    api.list.mockResolvedValue({ deadLetters: [] });
    run('replay-letters');
    await until(fixture, () => find(page, 'pz-empty-state'));
    expect(api.replay).toHaveBeenCalledWith(['d1', 'd2']);
    expect(TestBed.inject(Toasts).toasts()[0]?.text).toBe('2 are on their way again');
  });

  it('asks before it discards, and says why some were refused', async () => {
    api.discard.mockResolvedValue({ done: 0, failed: [{ id: 'd2', detail: 'Somebody replays it at this moment.' }] });
    const { fixture, page } = await open();
    find(page, '.row', 'Build 2')?.focus();
    press('Delete');
    const sure = await until(fixture, () => find(page, 'dialog button', 'Discard'));
    expect(api.discard).not.toHaveBeenCalled();
    sure.closest('form')?.requestSubmit();
    await until(fixture, () => api.discard.mock.calls.length === 1);
    expect(api.discard).toHaveBeenCalledWith(['d2']);
    await until(fixture, () => TestBed.inject(Toasts).toasts()[0]?.text === 'Somebody replays it at this moment.');
    expect(find(page, '.row', 'Build 2')).not.toBeNull();
  });

  it('offers no replay to a session that is gone', async () => {
    const reason = { code: 'session_deleted', detail: 'Its session was deleted before it was delivered.' };
    api.list.mockResolvedValue({ deadLetters: [aLetter(1), { ...aLetter(2), reason }] });
    const { fixture, page } = await open();
    fixture.componentRef.setInput('letter', 'd1');
    await until(fixture, () => find(page, 'pz-letter-detail button', 'Replay'));
    fixture.componentRef.setInput('letter', 'd2');
    await until(fixture, () => find(page, 'pz-letter-detail', 'was deleted before'));
    expect(find(page, 'pz-letter-detail button', 'Discard')).not.toBeNull();
    expect(find(page, 'pz-letter-detail button', 'Replay')).toBeNull();
  });

  it('filters on the relay, opens the letter of the address, and follows the hub', async () => {
    const { fixture, page } = await open();
    fixture.componentRef.setInput('type', 'ci:finished');
    fixture.componentRef.setInput('letter', 'd1');
    await until(fixture, () => find(page, 'pz-letter-detail', 'Its session could not be started.'));
    await until(fixture, () => api.list.mock.lastCall?.[0].type === 'ci:finished');
    api.list.mockResolvedValue({ deadLetters: [aLetter(3)] });
    connection.say('dead-letters:count', { count: 1 });
    await until(fixture, () => find(page, '.row', 'Build 3'));
  });
});
