import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import type { ListenerView } from '@pizzapi/protocol';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { aRunner } from '../../../testing/fixtures';
import { provideSilentConnection } from '../../../testing/silent-connection';
import { find, until } from '../../../testing/until';
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
  const api = { list: vi.fn(), get: vi.fn(), replace: vi.fn(), remove: vi.fn() };

  beforeEach(() => {
    vi.resetAllMocks();
    api.list.mockResolvedValue({ listeners: [listener] });
    TestBed.configureTestingModule({
      providers: [
        provideRouter([]),
        provideSilentConnection(),
        { provide: ListenersApi, useValue: api },
        { provide: OpenRunner, useValue: { runnerId: signal('r1'), runner: signal(aRunner()) } },
        { provide: SessionsStore, useValue: { everything: signal(new Map()) } },
        { provide: RunnerModels, useValue: { nameOf: () => undefined } },
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

  it('says why the relay disabled one', async () => {
    const disabledReason = 'Whoever made it has left the organisation.';
    api.list.mockResolvedValue({ listeners: [{ ...listener, enabled: false, disabledReason }] });
    const { fixture, page } = await open();
    await until(fixture, () => find(page, '.reason', disabledReason));
  });
});
