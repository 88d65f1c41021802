import { Component, inject } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import type { RunnerView, TunnelTicket } from '@pizzapi/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { aSession } from '../../../../testing/fixtures';
import { aPanel, aService, aServingRunner, aTunnel } from '../../../../testing/panel-fixtures';
import { provideSilentConnection, SilentConnection } from '../../../../testing/silent-connection';
import { find, until } from '../../../../testing/until';
import { ApiProblem } from '../../../core/api/api-problem';
import { RunnersApi } from '../../../core/api/runners-api';
import { ServicesApi } from '../../../core/api/services-api';
import { SessionsApi } from '../../../core/api/sessions-api';
import { TunnelsApi } from '../../../core/api/tunnels-api';
import { InspectorDock } from '../inspector/inspector-dock';
import { SessionServices } from '../services/session-services';
import { SessionTunnels } from '../tunnels/session-tunnels';
import { OpenPanels } from './open-panels';
import { PanelButtons } from './panel-buttons';
import { PanelSheet } from './panel-sheet';
import { PanelsTab } from './panels-tab';

const session = aSession({ sessionId: 's1' });
const ticket = (number: number): TunnelTicket => ({
  url: `http://label1.localhost:7492/.pizzapi/enter?ticket=t${number}`,
  form: 'origin',
  expiresAt: new Date(Date.now() + 60_000).toISOString(),
});

@Component({
  selector: 'pz-test-host',
  imports: [PanelButtons, PanelSheet, PanelsTab],
  providers: [OpenPanels, SessionServices, SessionTunnels],
  template: `<pz-panel-buttons /><pz-panels-tab /><pz-panel-sheet />`,
})
class Host {
  constructor() {
    inject(SessionServices).of('s1');
  }
}

describe('panels of a session', () => {
  let connection: SilentConnection;
  const tunnels = { ofSession: vi.fn(), ticket: vi.fn() };
  const services = { command: vi.fn() };
  let runner: RunnerView;

  beforeEach(() => {
    vi.resetAllMocks();
    localStorage.clear();
    connection = new SilentConnection();
    runner = aServingRunner();
    let tickets = 0;
    tunnels.ofSession.mockResolvedValue([aTunnel()]);
    tunnels.ticket.mockImplementation(() => Promise.resolve(ticket(++tickets)));
    services.command.mockResolvedValue(undefined);
    TestBed.configureTestingModule({
      providers: [
        provideRouter([]),
        provideSilentConnection(connection),
        { provide: TunnelsApi, useValue: tunnels },
        { provide: ServicesApi, useValue: services },
        { provide: RunnersApi, useValue: { list: () => Promise.resolve({ runners: [runner] }) } },
        { provide: SessionsApi, useValue: { list: () => Promise.resolve({ sessions: [session] }) } },
      ],
    });
  });
  afterEach(() => vi.unstubAllGlobals());

  async function visit() {
    const fixture = TestBed.createComponent(Host);
    const page: HTMLElement = fixture.nativeElement;
    await until(fixture, () => find(page, 'pz-panel-buttons button') ?? find(page, 'pz-empty-state'));
    const frame = () => until(fixture, () => page.querySelector('iframe'));
    const announce = (changes: Partial<RunnerView>) =>
      connection.say('runner:updated', { runner: (runner = { ...runner, ...changes }) });
    return { fixture, page, frame, announce };
  }
  const press = (page: HTMLElement, label: string) => find(page, `[aria-label="${label}"]`)?.click();

  it('opens the panel from its button in a sandboxed frame, by a ticket, and closes it', async () => {
    const { fixture, page, frame } = await visit();
    const button = find(page, 'pz-panel-buttons button', 'Orders');
    button?.click();
    const opened = await frame();
    expect(tunnels.ticket).toHaveBeenCalledExactlyOnceWith('tun_1');
    expect(opened.getAttribute('sandbox')).toBe('allow-scripts allow-same-origin allow-forms');
    expect(opened.src).toBe('http://label1.localhost:7492/.pizzapi/enter?ticket=t1');
    expect(opened.title).toBe('Orders');
    expect(TestBed.inject(InspectorDock).tab()).toBe('panels');
    expect(find(page, '[aria-label="Open Orders in a tab"]')?.getAttribute('href')).toBe('/open-tunnel/label1');
    opened.dispatchEvent(new Event('load'));
    await until(fixture, () => page.querySelector('iframe:not(.unseen)'));
    press(page, 'Close Orders');
    await until(fixture, () => page.querySelector('iframe') === null);
  });

  it('remembers per session what is open and how high it is', async () => {
    const first = await visit();
    find(first.page, 'pz-panel-buttons button', 'Orders')?.click();
    const edge = await until(first.fixture, () => find(first.page, '[role=separator]'));
    expect(edge.getAttribute('aria-valuenow')).toBe('280');
    for (const [key, height] of [
      ['ArrowDown', '304'],
      ['ArrowUp', '280'],
      ['Home', '140'],
      ['ArrowDown', '164'],
      ['End', '1600'],
    ]) {
      edge.dispatchEvent(new KeyboardEvent('keydown', { key }));
      await until(first.fixture, () => edge.getAttribute('aria-valuenow') === height);
    }
    first.fixture.destroy();
    const second = TestBed.createComponent(Host);
    const again = await until(second, () => find(second.nativeElement, '[role=separator]'));
    expect(again.getAttribute('aria-valuenow')).toBe('1600');
    again.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' }));
    await until(second, () => again.getAttribute('aria-valuenow') === '280');
  });

  it('gives one the whole height while the others go on', async () => {
    runner = aServingRunner({
      services: [aService(), aService({ id: 'ci', label: 'Builds' })],
      panels: [aPanel(), aPanel({ serviceId: 'ci', label: 'Builds' })],
    });
    tunnels.ofSession.mockResolvedValue([aTunnel(), aTunnel({ tunnelId: 'tun_2', serviceId: 'ci', name: 'Builds' })]);
    const { fixture, page } = await visit();
    find(page, 'pz-panel-buttons button', 'Orders')?.click();
    find(page, 'pz-panel-buttons button', 'Builds')?.click();
    await until(fixture, () => page.querySelectorAll('iframe').length === 2);
    const frames = [...page.querySelectorAll('iframe')];
    press(page, 'Make as high as there is room: Builds');
    await until(fixture, () => page.querySelector('.place.behind'));
    expect(page.querySelector('[role=separator]')).toBeNull();
    expect([...page.querySelectorAll('iframe')]).toEqual(frames);
    press(page, 'Make smaller: Builds');
    await until(fixture, () => page.querySelector('.place.behind') === null);
    expect(tunnels.ticket).toHaveBeenCalledTimes(2);
  });

  it('says how the service is, offers a restart, and loads again by itself when it is back', async () => {
    const { fixture, page, frame, announce } = await visit();
    find(page, 'pz-panel-buttons button', 'Orders')?.click();
    await frame();
    announce({ services: [aService({ state: 'restarting', error: 'ended with exit code 1' })], panels: [] });
    const obstacle = await until(fixture, () => find(page, '.obstacle.bad', 'Orders is restarting'));
    expect(obstacle.textContent).toContain('It ended with exit code 1.');
    expect(page.querySelector('iframe')).toBeNull();
    find(page, '.obstacle button', 'Restart')?.click();
    await until(fixture, () => services.command.mock.calls.length === 1);
    expect(services.command).toHaveBeenCalledWith('r1', 'orders', 'restart');
    announce({ services: [aService({ state: 'starting' })] });
    await until(fixture, () => find(page, '.obstacle', 'Orders is starting'));
    announce({ services: [aService()] });
    await until(fixture, () => find(page, '.obstacle', 'No panel yet'));
    announce({ panels: [aPanel({ port: 41999 })] });
    expect((await frame()).src).toContain('ticket=t2');
  });

  it.each<[Partial<RunnerView>]>([
    [{ online: false }],
    [{ services: [aService({ state: 'stopped', since: '2026-01-02T00:00:00.000Z' })], panels: [] }],
  ])('keeps the page as it is while its runner is away: %j', async (away) => {
    const { fixture, page, frame, announce } = await visit();
    find(page, 'pz-panel-buttons button', 'Orders')?.click();
    const opened = await frame();
    opened.dispatchEvent(new Event('load'));
    announce(away);
    await until(fixture, () => find(page, '.obstacle', 'build-1 is away'));
    expect(getComputedStyle(opened).visibility).toBe('hidden');
    announce({ ...aServingRunner(), online: true });
    await until(fixture, () => page.querySelector('iframe:not(.unseen)'));
    expect(await frame()).toBe(opened);
    expect(page.querySelector('.obstacle')).toBeNull();
    expect(tunnels.ticket).toHaveBeenCalledOnce();
    // Another process of the service has another page.
    announce({ online: false });
    await until(fixture, () => find(page, '.obstacle', 'build-1 is away'));
    announce({ ...aServingRunner({ services: [aService({ since: '2026-01-03T00:00:00.000Z' })] }), online: true });
    await until(fixture, () => page.querySelector('iframe')?.src.includes('ticket=t2'));
  });

  it('shows a page that goes on loading as far as it is', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    try {
      const { fixture, page, frame } = await visit();
      find(page, 'pz-panel-buttons button', 'Orders')?.click();
      const opened = await frame();
      // Chromium's event for the empty page that a frame has before its address.
      opened.removeAttribute('src');
      opened.dispatchEvent(new Event('load'));
      await fixture.whenStable();
      expect(opened.classList).toContain('unseen');
      expect(page.querySelector('pz-skeleton')).not.toBeNull();
      await vi.advanceTimersByTimeAsync(3_000);
      await until(fixture, () => page.querySelector('iframe:not(.unseen)'));
      expect(page.querySelector('pz-skeleton')).toBeNull();
      expect(find(page, 'header [role=status]', 'still loading')).not.toBeNull();
      opened.setAttribute('src', 'about:blank');
      await until(fixture, () => find(page, 'header [role=status]') === null);
    } finally {
      vi.useRealTimers();
    }
  });

  it.each([
    [{ services: [aService({ state: 'disabled' as const })], panels: [] }, 'Orders is disabled'],
    [
      { services: [aService({ state: 'broken' as const, error: 'orders/manifest.json: no' })], panels: [] },
      'is broken',
    ],
    [{ services: [], panels: [] }, 'The service is gone'],
  ])('says what keeps it away: %j', async (changes, words) => {
    const { fixture, page, frame, announce } = await visit();
    find(page, 'pz-panel-buttons button', 'Orders')?.click();
    await frame();
    announce(changes);
    await until(fixture, () => find(page, '.obstacle', words));
    announce({ ...aServingRunner(), online: true });
    expect((await frame()).src).toContain('ticket=t2');
  });

  it('hears of services by the session’s own news, whoever’s the runner is', async () => {
    const { fixture, page } = await visit();
    const { panels, triggerDefs, sigilDefs } = runner;
    connection.say('service_announce', {
      sessionId: 's1',
      runnerId: 'r1',
      services: [aService(), aService({ id: 'ci', label: 'Builds' })],
      panels: [...panels, aPanel({ serviceId: 'ci', label: 'Builds' })],
      triggerDefs,
      sigilDefs,
    });
    await until(fixture, () => find(page, 'pz-panel-buttons button', 'Builds'));
    connection.say('service_announce', { sessionId: 's1' });
    expect(connection.dropped()).toBe(1);
  });

  it('keeps every button in its place while a service starts again', async () => {
    const services = ['a', 'b', 'c', 'd'].map((id) => aService({ id, label: id }));
    const panels = services.map(({ id }) => aPanel({ serviceId: id, label: id }));
    runner = aServingRunner({ services, panels });
    const { fixture, page, announce } = await visit();
    const buttons = (): (string | null)[] =>
      [...page.querySelectorAll('pz-panel-buttons > button')].map((button) => button.getAttribute('aria-label'));
    expect(buttons()).toEqual(['a', 'b', 'c', 'More panels']);
    announce({
      services: services.map((service) =>
        service.id === 'b' ? { ...service, state: 'restarting' as const } : service,
      ),
      panels: panels.filter(({ serviceId }) => serviceId !== 'b'),
    });
    const away = await until(fixture, () => find(page, 'pz-panel-buttons .away'));
    expect(away.getAttribute('aria-label')).toBe('b');
    expect(buttons()).toEqual(['a', 'b', 'c', 'More panels']);
    away.click();
    await until(fixture, () => find(page, '.obstacle', 'b is restarting'));
  });

  it('says why it was not let in, with a retry', async () => {
    tunnels.ticket.mockRejectedValueOnce(new ApiProblem({ status: 503, code: 'tunnel_busy', detail: 'Too many.' }));
    const { fixture, page, frame } = await visit();
    find(page, 'pz-panel-buttons button', 'Orders')?.click();
    const error = await until(fixture, () => find(page, 'pz-error-state', 'Too many.'));
    find(error, 'button')?.click();
    expect((await frame()).src).toContain('ticket=t1');
  });

  it('has a narrower sandbox where there is no tunnel domain, and renews its address before it ends', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    try {
      let token = 0;
      tunnels.ticket.mockImplementation(() =>
        Promise.resolve({
          url: `http://relay.example/api/tunnel/auth/token${++token}/`,
          form: 'path',
          expiresAt: new Date(Date.now() + 600_000).toISOString(),
        }),
      );
      const { fixture, page, frame, announce } = await visit();
      find(page, 'pz-panel-buttons button', 'Orders')?.click();
      const opened = await frame();
      expect(opened.getAttribute('sandbox')).toBe('allow-scripts allow-forms');
      expect(opened.src).toBe(`${location.origin}/api/tunnel/auth/token1/`);
      expect(find(page, '.note')?.textContent).toMatch(/loads anew at \d\d:\d\d/);
      await vi.advanceTimersByTimeAsync(581_000);
      await until(fixture, () => page.querySelector('iframe')?.src.endsWith('/token2/'));
      // While its runner is away it is not; afterwards it is, as what it had may have ended.
      announce({ online: false });
      await until(fixture, () => find(page, '.obstacle', 'is away'));
      await vi.advanceTimersByTimeAsync(590_000);
      expect(tunnels.ticket).toHaveBeenCalledTimes(2);
      announce({ online: true });
      await until(fixture, () => page.querySelector('iframe')?.src.endsWith('/token3/'));
    } finally {
      vi.useRealTimers();
    }
  });

  it('covers the page of a phone', async () => {
    vi.stubGlobal('matchMedia', (media: string) => ({
      media,
      matches: media.includes('max-width'),
      addEventListener: () => undefined,
      removeEventListener: () => undefined,
    }));
    const { fixture, page, frame } = await visit();
    find(page, 'pz-panels-tab button', 'Orders')?.click();
    expect((await frame()).closest('dialog.sheet')).not.toBeNull();
    press(page, 'Close Orders');
    await until(fixture, () => page.querySelector('dialog') === null);
  });

  it('says what a panel is where no service has one', async () => {
    runner = aServingRunner({ services: [aService({ hasPanel: false })], panels: [] });
    const { page } = await visit();
    expect(find(page, 'pz-empty-state a')?.getAttribute('href')).toBe('/runners/r1/services');
    expect(page.querySelector('pz-panel-buttons button')).toBeNull();
  });
});
