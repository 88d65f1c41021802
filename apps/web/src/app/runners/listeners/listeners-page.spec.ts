import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import type { ListenerView } from '@pizzapi/protocol';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { aRunner } from '../../../testing/fixtures';
import { provideSilentConnection, SilentConnection } from '../../../testing/silent-connection';
import { find, type, until } from '../../../testing/until';
import { ListenersApi } from '../../core/api/listeners-api';
import { SessionsStore } from '../../sessions/sessions-store';
import { OpenRunner } from '../open-runner';
import { RunnerModels } from '../runner-models';
import { ListenersPage } from './listeners-page';

const listener: ListenerView = {
  listenerId: 'lst_1',
  runnerId: 'r1',
  triggerType: 'ci:finished',
  prompt: 'Look at it.',
  cwd: null,
  model: null,
  params: null,
  filters: null,
  filterMode: 'and',
  enabled: true,
  disabledReason: null,
  maxWaitMs: 60_000,
  maxConcurrent: null,
  missedRuns: 'all',
  createdBy: 'usr_1',
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
};

describe('ListenersPage', () => {
  const api = { list: vi.fn(), get: vi.fn(), create: vi.fn(), replace: vi.fn(), remove: vi.fn() };
  const hasOlder = signal(false);
  let connection: SilentConnection;

  beforeEach(() => {
    vi.resetAllMocks();
    connection = new SilentConnection();
    api.list.mockResolvedValue({ listeners: [listener] });
    TestBed.configureTestingModule({
      providers: [
        provideRouter([]),
        provideSilentConnection(connection),
        { provide: ListenersApi, useValue: api },
        { provide: OpenRunner, useValue: { runnerId: signal('r1'), runner: signal(aRunner()) } },
        { provide: SessionsStore, useValue: { everything: signal(new Map()), hasOlder } },
        { provide: RunnerModels, useValue: { nameOf: () => undefined, list: () => Promise.resolve([]) } },
      ],
    });
  });

  async function open() {
    const fixture = TestBed.createComponent(ListenersPage);
    const page: HTMLElement = fixture.nativeElement;
    const toggle = await until(fixture, () => find(page, 'button[role=switch]'));
    return { fixture, page, toggle };
  }

  it('switches a listener as it is now, not as it stood when the page was opened', async () => {
    api.get.mockResolvedValue({ ...listener, prompt: 'Look at it twice.' });
    const { fixture, page, toggle } = await open();
    const off = { ...listener, prompt: 'Look at it twice.', enabled: false };
    api.list.mockResolvedValue({ listeners: [off] });
    toggle.click();
    await until(fixture, () => find(page, '.what.off'));
    expect(api.replace).toHaveBeenCalledTimes(1);
    expect(api.replace.mock.calls[0]).toMatchObject(['r1', 'lst_1', { prompt: 'Look at it twice.', enabled: false }]);
  });

  it('follows what others do to the listeners of this runner', async () => {
    const { fixture, page } = await open();
    const made = { ...listener, listenerId: 'lst_2', triggerType: 'orders:shipped' };
    api.list.mockResolvedValue({ listeners: [listener, made] });
    connection.say('listeners:changed', { runnerId: 'another' });
    expect(api.list).toHaveBeenCalledTimes(1);
    connection.say('listeners:changed', { runnerId: 'r1' });
    await until(fixture, () => find(page, 'pz-listener-card', 'orders:shipped'));
    api.list.mockResolvedValue({ listeners: [{ ...made, prompt: 'Look at that.' }] });
    connection.say('listeners:changed', { runnerId: 'r1' });
    await until(fixture, () => find(page, '.prompt', 'Look at that.'));
    expect(find(page, 'pz-listener-card', 'ci:finished')).toBeNull();
    fixture.destroy();
    connection.say('listeners:changed', { runnerId: 'r1' });
    expect(api.list).toHaveBeenCalledTimes(3);
  });

  it('makes a new one, beginning with the choice of the trigger', async () => {
    const def = { serviceId: 'ci', type: 'ci:finished', label: 'Finished', description: '', schema: {} };
    const runner = signal(aRunner({ triggerDefs: [def] }));
    TestBed.overrideProvider(OpenRunner, { useValue: { runnerId: signal('r1'), runner } });
    const { fixture, page } = await open();
    document.body.append(page);
    find(page, 'button', 'New listener')?.click();
    const choice = await until(fixture, () => find(page, 'dialog pz-trigger-type-field select'));
    await until(fixture, () => document.activeElement === choice);
  });

  describe('while one is edited', () => {
    async function edit() {
      const { fixture, page } = await open();
      find(page, '[aria-label="Edit the listener for ci:finished"]')?.click();
      await until(fixture, () => find(page, 'dialog textarea'));
      type(page, 'dialog textarea', 'Mine.');
      const change = async (listeners: ListenerView[]): Promise<void> => {
        api.list.mockResolvedValue({ listeners });
        connection.say('listeners:changed', { runnerId: 'r1' });
        await until(fixture, () => find(page, '.meanwhile'));
      };
      const typed = () => page.querySelector<HTMLTextAreaElement>('dialog textarea')?.value;
      return { fixture, page, change, typed };
    }
    const theirs = { ...listener, prompt: 'Theirs.', updatedAt: '2026-01-02T00:00:00.000Z' };

    it('keeps what is typed when somebody changes it, and says so; it is saved in the place of theirs', async () => {
      const { fixture, page, change, typed } = await edit();
      await change([theirs]);
      expect(typed()).toBe('Mine.');
      api.replace.mockResolvedValue(listener);
      find(page, 'dialog button', 'Save')?.click();
      await until(fixture, () => find(page, 'dialog') === null);
      expect(api.replace.mock.calls[0]).toMatchObject(['r1', 'lst_1', { prompt: 'Mine.' }]);
    });

    it('shows theirs where that is wanted', async () => {
      const { fixture, page, change, typed } = await edit();
      await change([theirs]);
      find(page, 'dialog button', 'Show theirs')?.click();
      await until(fixture, () => typed() === 'Theirs.');
      expect(find(page, '.meanwhile')).toBeNull();
    });

    it('makes it anew when somebody deleted it', async () => {
      const { fixture, page, change, typed } = await edit();
      await change([]);
      expect(typed()).toBe('Mine.');
      api.create.mockResolvedValue(listener);
      find(page, 'dialog button', 'Create listener')?.click();
      await until(fixture, () => find(page, 'dialog') === null);
      expect(api.create.mock.calls[0]).toMatchObject([
        'r1',
        { triggerType: 'ci:finished', prompt: 'Mine.' },
        expect.any(String),
      ]);
      expect(api.replace).not.toHaveBeenCalled();
    });
  });

  it('does not say that none of its sessions exists while older ones were not read', async () => {
    const { fixture, page } = await open();
    await until(fixture, () => find(page, 'pz-fact-line', 'no session yet'));
    hasOlder.set(true);
    await until(fixture, () => find(page, 'pz-fact-line', 'none of the latest sessions'));
    hasOlder.set(false);
  });

  it('says why the relay disabled one', async () => {
    const disabledReason = 'Whoever made it has left the organisation.';
    api.list.mockResolvedValue({ listeners: [{ ...listener, enabled: false, disabledReason }] });
    const { fixture, page } = await open();
    await until(fixture, () => find(page, '.reason', disabledReason));
  });
});
