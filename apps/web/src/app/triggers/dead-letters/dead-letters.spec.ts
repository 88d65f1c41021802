import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import type { DeadLetterView } from '@pizzapi/protocol';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { provideSilentConnection, SilentConnection } from '../../../testing/silent-connection';
import { find, until } from '../../../testing/until';
import { ApiProblem } from '../../core/api/api-problem';
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
  const api = { list: vi.fn(), get: vi.fn(), count: vi.fn(), replay: vi.fn(), discard: vi.fn() };

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

  it('tells reasons apart by sign and words, and by colour what is graver', async () => {
    const codes = ['session_failed', 'of_a_newer_relay', 'delivery_expired', 'listener_gone'];
    const reasons = codes.map((code) => ({ code, detail: 'It says why.' }));
    api.list.mockResolvedValue({ deadLetters: reasons.map((reason, index) => ({ ...aLetter(index), reason })) });
    const { page } = await open();
    const shown = [...page.querySelectorAll<HTMLElement>('.row .why')].map((why) => ({
      words: why.textContent.trim(),
      sign: why.querySelector('svg')?.innerHTML,
      colour: getComputedStyle(why).color,
      padding: getComputedStyle(why).padding,
    }));
    expect(shown.map(({ words }) => words)).toEqual([
      'its session failed',
      'of a newer relay',
      'its session was away too long',
      'its listener was removed',
    ]);
    const [failed, unknown, away, gone] = shown;
    for (const trait of ['sign', 'colour'] as const) {
      expect(unknown?.[trait]).toBe(failed?.[trait]);
      expect(new Set([failed?.[trait], away?.[trait], gone?.[trait]]).size).toBe(3);
    }
    expect(new Set(shown.map(({ padding }) => padding)).size).toBe(1);
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

  const deleted = { code: 'session_deleted', detail: 'Its session was deleted, so it can only be discarded.' };

  it('offers no replay to a session that is gone, also one that went later, and says why', async () => {
    const gone = { ...aLetter(2), replayRefusal: deleted };
    api.list.mockResolvedValue({ deadLetters: [{ ...aLetter(1), replayRefusal: null }, gone] });
    const { fixture, page } = await open();
    const replay = (): HTMLButtonElement | null =>
      page.querySelector<HTMLButtonElement>('pz-letter-detail .acts button:first-child');
    fixture.componentRef.setInput('letter', 'd1');
    await until(fixture, () => replay()?.disabled === false);
    fixture.componentRef.setInput('letter', 'd2');
    await until(fixture, () => find(page, 'pz-letter-detail', 'it can only be discarded'));
    expect(replay()?.disabled).toBe(true);
    expect(document.getElementById(replay()?.getAttribute('aria-describedby') ?? '')?.textContent).toContain('deleted');
    expect(find(page, 'pz-letter-detail dd', 'Watcher, deleted')).not.toBeNull();
    expect(find(page, 'pz-letter-detail button', 'Discard')).not.toBeNull();
  });

  it('replays of the selected those that can be, and says how many cannot', async () => {
    api.replay.mockResolvedValue({ done: 1, failed: [] });
    const gone = { ...aLetter(2), replayRefusal: deleted };
    api.list.mockResolvedValue({ deadLetters: [aLetter(1), gone] });
    const { fixture, page } = await open();
    find(page, '.bulk input')?.click();
    await until(fixture, () => find(page, '.bulk', '1 of them can only be discarded'));
    api.list.mockResolvedValue({ deadLetters: [gone] });
    find(page, '.bulk button', 'Replay 1')?.click();
    await until(fixture, () => find(page, '.bulk', 'It can only be discarded'));
    expect(api.replay).toHaveBeenCalledExactlyOnceWith(['d1']);
    expect(find(page, '.bulk', '1 selected')).not.toBeNull();
    run('replay-letters');
    expect(TestBed.inject(Toasts).toasts().at(-1)?.text).toBe(`No replay: ${deleted.detail}`);
    expect(api.replay).toHaveBeenCalledOnce();
  });

  it('looks again when a session was deleted', async () => {
    const { fixture, page } = await open();
    api.list.mockResolvedValue({ deadLetters: [aLetter(1), { ...aLetter(2), replayRefusal: deleted }] });
    connection.say('session:removed', { sessionId: 's1' });
    await until(fixture, () => find(page, '.row', 'Watcher, deleted'));
  });

  it('does not say that there are none where the list could not be read again', async () => {
    const { fixture, page } = await open();
    api.list.mockResolvedValue({ deadLetters: [] });
    connection.say('dead-letters:count', { count: 0 });
    await until(fixture, () => find(page, 'pz-empty-state', 'No dead letters'));
    api.list.mockRejectedValue(new ApiProblem({ status: 503, code: 'unreachable', detail: 'The relay is away.' }));
    connection.say('dead-letters:count', { count: 1 });
    await until(fixture, () => find(page, 'pz-error-state', 'The relay is away.'));
    expect(find(page, 'pz-empty-state')).toBeNull();
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
    // As many as before: one came, one went.
    api.list.mockResolvedValue({ deadLetters: [aLetter(4)] });
    connection.say('dead-letters:count', { count: 1 });
    await until(fixture, () => find(page, '.row', 'Build 4'));
  });

  it('leads to a letter that is not on its first page, and says of one that is gone that it is', async () => {
    const { fixture, page } = await open();
    api.get.mockResolvedValue(aLetter(9));
    fixture.componentRef.setInput('letter', 'd9');
    await until(fixture, () => find(page, '.linked', 'Build 9'));
    await until(fixture, () => find(page, '.linked pz-letter-detail button', 'Replay'));
    api.get.mockRejectedValue(new ApiProblem({ status: 404, code: 'not_found', detail: 'There is none.' }));
    fixture.componentRef.setInput('letter', 'd8');
    await until(fixture, () => find(page, '.linked.gone', 'replayed or discarded'));
    fixture.componentRef.setInput('letter', 'd1');
    await until(fixture, () => find(page, '.linked') === null);
  });

  it('discards all that were selected, however many the relay takes at once', async () => {
    api.list.mockResolvedValue({ deadLetters: Array.from({ length: 501 }, (_, number) => aLetter(number)) });
    api.discard.mockImplementation((ids: string[]) => Promise.resolve({ done: ids.length, failed: [] }));
    const { fixture, page } = await open();
    find(page, '[aria-label="Select all that are shown"]')?.click();
    await until(fixture, () => find(page, '.bulk', '501 selected'));
    run('discard-letters');
    const sure = await until(fixture, () => find(page, 'dialog button', 'Discard'));
    sure.closest('form')?.requestSubmit();
    await until(fixture, () => api.discard.mock.calls.length === 2);
    expect(api.discard.mock.calls.map(([ids]) => (ids as string[]).length)).toEqual([500, 1]);
    await until(fixture, () => TestBed.inject(Toasts).toasts()[0]?.text === 'Discarded 501 dead letters');
  });
});
