import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter, withComponentInputBinding } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import type { RunnerView, ServiceInfo } from '@pizzapi/protocol';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { aRunner } from '../../../testing/fixtures';
import { provideSilentConnection } from '../../../testing/silent-connection';
import { find, type, until } from '../../../testing/until';
import { ApiProblem } from '../../core/api/api-problem';
import { ServicesApi } from '../../core/api/services-api';
import { Toasts } from '../../core/toasts';
import { OpenRunner } from '../open-runner';
import { ServicesPage } from './services-page';

function aService(changes: Partial<ServiceInfo> = {}): ServiceInfo {
  return { id: 'orders', label: 'Orders', icon: 'box', state: 'running', error: null, ...changes };
}
const panel = { serviceId: 'orders', label: 'Orders', icon: 'box', port: 41235 };
const line = (second: number, text: string, stream: 'stdout' | 'stderr' | 'runner' = 'stdout') => ({
  ts: new Date(Date.UTC(2026, 0, 1, 12, 0, second)).toISOString(),
  stream,
  text,
});

describe('ServicesPage', () => {
  const api = { command: vi.fn(), log: vi.fn() };
  const runner = signal<RunnerView | undefined>(undefined);

  beforeEach(() => {
    vi.resetAllMocks();
    api.command.mockResolvedValue(undefined);
    api.log.mockResolvedValue({ lines: [], isTruncated: false });
    TestBed.configureTestingModule({
      providers: [
        provideRouter([{ path: 'services', component: ServicesPage }], withComponentInputBinding()),
        provideSilentConnection(),
        { provide: ServicesApi, useValue: api },
        { provide: OpenRunner, useValue: { runner } },
      ],
    });
  });

  async function open(changes: Partial<RunnerView>, query = '') {
    runner.set(aRunner(changes));
    const harness = await RouterTestingHarness.create(`/services${query}`);
    const page = harness.routeNativeElement;
    if (page === null) throw new Error('There is no page.');
    return { fixture: harness.fixture, page };
  }

  it('says how to make one where there is none', async () => {
    const { page } = await open({});
    expect(find(page, 'pz-empty-state pz-copyable code')?.textContent).toBe('npm run -s pizzapi -- service new NAME');
  });

  it('shows how each is, what it offers and where a manifest is wrong', async () => {
    const { page } = await open({
      services: [
        aService({ plugin: 'shop-tools', restarts: 3 }),
        aService({
          id: 'ci',
          label: 'ci',
          state: 'broken',
          error: 'ci/manifest.json, field triggers[0].type: must start with "ci:"',
        }),
        aService({ id: 'mail', label: 'Mail', state: 'restarting', error: 'ended with exit code 1' }),
      ],
      panels: [panel],
      triggerDefs: [
        { serviceId: 'orders', type: 'orders:shipped', label: 'Shipped' },
        { serviceId: 'orders', type: 'orders:paid', label: 'Paid', disabledReason: 'its schema is none' },
      ],
      sigilDefs: [{ serviceId: 'orders', type: 'order', label: 'Order' }],
    });
    const [orders, ci, mail] = page.querySelectorAll('pz-service-row');
    expect(orders?.textContent).toContain('shop-tools');
    expect([...(orders?.querySelectorAll('pz-fact-line .line > span') ?? [])].map((fact) => fact.textContent)).toEqual([
      'panel on port 41235',
      '2 triggers',
      'sigil order',
      'restarted 3 times by itself',
    ]);
    expect([...(orders?.querySelectorAll('.fault *') ?? [])].map(({ textContent }) => textContent)).toEqual([
      'orders:paid',
      'is disabled: its schema is none',
    ]);
    expect([...(ci?.querySelectorAll('.fault *') ?? [])].map(({ textContent }) => textContent)).toEqual([
      'ci/manifest.json',
      'triggers[0].type',
      'must start with "ci:"',
    ]);
    expect(ci?.querySelector('.fault.bad')).not.toBeNull();
    expect(ci?.querySelectorAll('button:not(:disabled)')).toHaveLength(0);
    expect(mail?.querySelector('.state.waiting')?.textContent).toContain('restarting');
    expect(mail?.querySelector('.fault')?.textContent).toContain('ended with exit code 1');
  });

  it('lists two folders that claim one id, and gives what it offers to the first', async () => {
    const taken = 'b/manifest.json, field id: "orders" is taken by the folder a';
    const { page } = await open({
      services: [aService(), aService({ state: 'broken', error: taken })],
      panels: [panel],
    });
    const [first, second] = page.querySelectorAll('pz-service-row');
    expect(first?.textContent).toContain('port 41235');
    expect(second?.textContent).not.toContain('port 41235');
    expect(second?.textContent).toContain('is taken by the folder a');
  });

  it('disables, enables and restarts', async () => {
    const { fixture, page } = await open({ services: [aService()] });
    find(page, '[role=switch]')?.click();
    await until(fixture, () => api.command.mock.calls.length === 1);
    expect(api.command).toHaveBeenLastCalledWith('r1', 'orders', 'disable');
    // It stays as it was until the runner says so.
    expect(find(page, '[role=switch]')?.getAttribute('aria-checked')).toBe('true');
    runner.set(aRunner({ services: [aService({ state: 'disabled' })] }));
    await until(fixture, () => find(page, '[role=switch][aria-checked=false]'));
    expect(find(page, '[aria-label="Restart Orders"]')?.hasAttribute('disabled')).toBe(true);
    find(page, '[role=switch]')?.click();
    await until(fixture, () => api.command.mock.calls.length === 2);
    expect(api.command).toHaveBeenLastCalledWith('r1', 'orders', 'enable');
    runner.set(aRunner({ services: [aService()] }));
    await until(fixture, () => find(page, '[aria-label="Restart Orders"]:not(:disabled)'));
    api.command.mockRejectedValueOnce(
      new ApiProblem({ status: 503, code: 'runner_offline', detail: 'The runner is away.' }),
    );
    find(page, '[aria-label="Restart Orders"]')?.click();
    await until(fixture, () =>
      TestBed.inject(Toasts)
        .toasts()
        .some(({ text }) => text === 'The runner is away.'),
    );
    expect(api.command).toHaveBeenLastCalledWith('r1', 'orders', 'restart');
  });

  it('offers nothing while the runner is away', async () => {
    const { page } = await open({ online: false, services: [aService({ state: 'stopped' })] }, '?log=orders');
    expect(page.textContent).toContain('The runner is away');
    expect(page.querySelectorAll('pz-service-row button:not(:disabled)')).toHaveLength(0);
    expect(api.log).not.toHaveBeenCalled();
  });

  it('opens a log by its address, follows it, searches it and copies it', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const written = vi.fn(() => Promise.resolve());
    vi.stubGlobal('navigator', Object.assign(Object.create(navigator), { clipboard: { writeText: written } }));
    try {
      api.log.mockResolvedValue({
        lines: [line(1, 'listening'), line(2, '<b>boom</b>', 'stderr'), line(2, 'listening again')],
        isTruncated: false,
      });
      const { fixture, page } = await open({ services: [aService()] }, '?log=orders');
      await until(fixture, () => find(page, '.lines p', 'listening again'));
      expect(api.log).toHaveBeenCalledWith('r1', 'orders', { limit: 500 });
      expect(find(page, '.lines p.stderr .text')?.textContent).toBe('<b>boom</b>');
      const latest = {
        lines: [line(2, 'listening again'), line(3, 'one more')],
        isTruncated: true,
        nextCursor: 'earlier',
      };
      api.log.mockResolvedValue(latest);
      await vi.advanceTimersByTimeAsync(2_000);
      await until(fixture, () => find(page, '.lines p', 'one more'));

      type(page, '.bar input', 'LISTENING');
      await until(fixture, () => find(page, '.bar', '1 found'));
      expect(page.querySelectorAll('.lines p')).toHaveLength(1);
      find(page, '.bar button', 'Copy')?.click();
      await until(fixture, () => written.mock.calls.length === 1);
      expect(written).toHaveBeenCalledWith('2026-01-01T12:00:02.000Z stdout: listening again');

      find(page, '.bar [role=switch]')?.click();
      await until(fixture, () => find(page, '.bar [role=switch][aria-checked=false]'));
      api.log.mockClear();
      await vi.advanceTimersByTimeAsync(10_000);
      // Once at most: for the change itself.
      expect(api.log.mock.calls.length).toBeLessThanOrEqual(1);

      type(page, '.bar input', '');
      api.log.mockResolvedValueOnce({ lines: [line(0, 'the first'), line(1, 'listening')], isTruncated: false });
      find(page, '.lines button', 'Show earlier lines')?.focus();
      find(page, '.lines button', 'Show earlier lines')?.click();
      await until(fixture, () => find(page, '.lines p', 'the first'));
      // The button is gone: the focus stays with the log.
      expect(document.activeElement).toBe(find(page, '.lines'));
      expect(api.log).toHaveBeenLastCalledWith('r1', 'orders', { limit: 5_000, cursor: 'earlier' });
      expect(find(page, '.lines button', 'Show earlier lines')).toBeNull();
      // Earlier lines stay while the log is followed, until it is begun anew.
      const texts = () => [...page.querySelectorAll('.lines .text')].map(({ textContent }) => textContent);
      api.log.mockResolvedValue({ lines: [line(3, 'one more'), line(4, 'and another')], isTruncated: true });
      find(page, '.bar [role=switch]')?.click();
      await until(fixture, () => find(page, '.lines p', 'and another'));
      expect(texts()).toEqual(['the first', 'listening', 'listening again', 'one more', 'and another']);
      api.log.mockResolvedValue({ lines: [line(9, 'anew')], isTruncated: false });
      await vi.advanceTimersByTimeAsync(2_000);
      await until(fixture, () => find(page, '.lines p', 'anew'));
      expect(texts()).toEqual(['anew']);
    } finally {
      vi.useRealTimers();
      vi.unstubAllGlobals();
    }
  });

  it('reads a log anew where its earlier lines cannot be reached from what was read', async () => {
    let kind = 'old';
    api.log.mockImplementation((_runner: string, _service: string, { cursor }: { cursor?: string }) =>
      cursor !== undefined && cursor !== kind
        ? Promise.reject(new ApiProblem({ status: 400, code: 'invalid_request', detail: 'No such cursor.' }))
        : Promise.resolve({ lines: [line(1, kind)], isTruncated: true, nextCursor: kind }),
    );
    const { fixture, page } = await open({ services: [aService()] }, '?log=orders');
    await until(fixture, () => find(page, '.lines p', 'old'));
    // Not followed, so that only the click reads it.
    find(page, '.bar [role=switch]')?.click();
    await until(fixture, () => api.log.mock.calls.length === 2);
    await until(fixture, () => find(page, '.lines p', 'old'));
    kind = 'new';
    find(page, '.lines button', 'Show earlier lines')?.click();
    await until(fixture, () => find(page, '.lines p', 'new'));
    expect(find(page, 'pz-error-state')).toBeNull();
    await until(fixture, () => find(page, '.lines button:not([aria-busy])'));
    find(page, '.lines button', 'Show earlier lines')?.click();
    await until(fixture, () => api.log.mock.lastCall?.[2].cursor === 'new');
  });

  it('says why a log cannot be read, with a retry', async () => {
    api.log.mockRejectedValueOnce(new ApiProblem({ status: 404, code: 'service_unknown', detail: 'No such service.' }));
    const { fixture, page } = await open({ services: [aService()] }, '?log=orders');
    (await until(fixture, () => find(page, 'pz-error-state button'))).click();
    await until(fixture, () => find(page, '.lines', 'Nothing yet'));
    expect(find(page, 'pz-error-state')).toBeNull();
  });
});
