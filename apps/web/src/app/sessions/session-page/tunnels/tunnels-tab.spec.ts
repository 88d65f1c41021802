import { Component, inject } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { aSession } from '../../../../testing/fixtures';
import { aServingRunner, aTunnel } from '../../../../testing/panel-fixtures';
import { provideSilentConnection, SilentConnection } from '../../../../testing/silent-connection';
import { find, type, until } from '../../../../testing/until';
import { ApiProblem } from '../../../core/api/api-problem';
import { RunnersApi } from '../../../core/api/runners-api';
import { SessionsApi } from '../../../core/api/sessions-api';
import { TunnelsApi } from '../../../core/api/tunnels-api';
import { Toasts } from '../../../core/toasts';
import { SessionServices } from '../services/session-services';
import { SessionTunnels } from './session-tunnels';
import { TunnelsTab } from './tunnels-tab';

const session = aSession({ sessionId: 's1' });
const ofSession = aTunnel({
  tunnelId: 'tun_2',
  sessionId: 's1',
  serviceId: null,
  port: 5173,
  name: 'Preview',
  openedBy: 'agent',
  url: 'http://localhost:7492/open-tunnel/label2',
});

@Component({
  selector: 'pz-test-host',
  imports: [TunnelsTab],
  providers: [SessionServices, SessionTunnels],
  template: `<pz-tunnels-tab />`,
})
class Host {
  constructor() {
    inject(SessionServices).of('s1');
  }
}

describe('TunnelsTab', () => {
  let connection: SilentConnection;
  const api = { ofSession: vi.fn(), open: vi.fn(), close: vi.fn() };

  beforeEach(() => {
    vi.resetAllMocks();
    connection = new SilentConnection();
    api.ofSession.mockResolvedValue([]);
    api.close.mockResolvedValue(undefined);
    TestBed.configureTestingModule({
      providers: [
        provideRouter([]),
        provideSilentConnection(connection),
        { provide: TunnelsApi, useValue: api },
        { provide: RunnersApi, useValue: { list: () => Promise.resolve({ runners: [aServingRunner()] }) } },
        { provide: SessionsApi, useValue: { list: () => Promise.resolve({ sessions: [session] }) } },
      ],
    });
  });

  function visit() {
    const fixture = TestBed.createComponent(Host);
    const tab: HTMLElement = fixture.nativeElement;
    return { fixture, tab };
  }

  it('explains itself, and lists what the agent opens as soon as it does', async () => {
    const { fixture, tab } = visit();
    await until(fixture, () => find(tab, '.empty', 'A tunnel leads from your browser to one port'));
    api.ofSession.mockResolvedValue([ofSession, aTunnel()]);
    connection.say('session:tunnels-changed', { sessionId: 'another' });
    expect(find(tab, 'pz-tunnel-row')).toBeNull();
    connection.say('session:tunnels-changed', { sessionId: 's1' });
    const row = await until(fixture, () => find(tab, 'pz-tunnel-row', 'Preview'));
    expect(row.textContent).toContain(':5173');
    expect(row.textContent).toContain('opened by the agent');
    expect(find(row, 'a.ell')?.getAttribute('href')).toBe('/open-tunnel/label2');
    const panel = find(tab, 'pz-tunnel-row', 'Orders');
    expect(panel?.textContent).toContain('announced by its service');
    expect(panel?.querySelector('[aria-label="Close Orders"]')).toBeNull();
  });

  it('closes one after the time to take it back', async () => {
    api.ofSession.mockResolvedValue([ofSession]);
    const { fixture, tab } = visit();
    const toasts = TestBed.inject(Toasts);
    const close = async () => {
      (await until(fixture, () => find(tab, '[aria-label="Close Preview"]'))).click();
      await until(fixture, () => find(tab, 'pz-tunnel-row') === null);
    };
    await close();
    toasts.act(toasts.toasts()[0]?.id ?? 0);
    await until(fixture, () => find(tab, 'pz-tunnel-row'));
    expect(api.close).not.toHaveBeenCalled();
    await close();
    toasts.dismiss(toasts.toasts()[0]?.id ?? 0);
    await until(fixture, () => api.close.mock.calls.length === 1);
    expect(api.close).toHaveBeenCalledWith('tun_2');
  });

  it('shows one again that could not be closed', async () => {
    api.ofSession.mockResolvedValue([ofSession]);
    api.close.mockRejectedValueOnce(new ApiProblem({ status: 503, code: 'unavailable', detail: 'Not now.' }));
    const { fixture, tab } = visit();
    const toasts = TestBed.inject(Toasts);
    (await until(fixture, () => find(tab, '[aria-label="Close Preview"]'))).click();
    toasts.dismiss(toasts.toasts()[0]?.id ?? 0);
    await until(fixture, () => toasts.toasts().some(({ text }) => text === 'Not now.'));
    await until(fixture, () => find(tab, 'pz-tunnel-row', 'Preview'));
  });

  it('exposes a port by hand, and says what is wrong with one', async () => {
    const { fixture, tab } = visit();
    (await until(fixture, () => find(tab, '.empty button', 'Expose a port'))).click();
    const submit = async () => (await until(fixture, () => find(tab, 'form button', 'Expose'))).click();
    await until(fixture, () => find(tab, 'form'));
    type(tab, 'input[inputmode]', 'eighty');
    await submit();
    await until(fixture, () => find(tab, 'pz-form-row [role=alert]', '1 to 65535'));
    expect(api.open).not.toHaveBeenCalled();
    api.open.mockRejectedValueOnce(
      new ApiProblem({ status: 422, code: 'port_refused', detail: 'Port 7492 is the relay’s own.' }),
    );
    type(tab, 'input[inputmode]', '7492');
    await submit();
    await until(fixture, () => find(tab, '.refusal', 'Port 7492 is the relay’s own.'));
    api.open.mockResolvedValue(ofSession);
    api.ofSession.mockResolvedValue([ofSession]);
    type(tab, 'input[inputmode]', ' 5173 ');
    type(tab, 'input[maxlength]', 'Preview');
    await submit();
    await until(fixture, () => find(tab, 'pz-tunnel-row', 'Preview'));
    expect(api.open).toHaveBeenLastCalledWith('s1', { port: 5173, name: 'Preview' });
    expect(find(tab, 'form')).toBeNull();
  });

  it('says why the list could not be read, with a retry', async () => {
    api.ofSession.mockRejectedValue(new ApiProblem({ status: 500, code: 'internal_error', detail: 'Broken.' }));
    const { fixture, tab } = visit();
    const error = await until(fixture, () => find(tab, 'pz-error-state', 'Broken.'));
    api.ofSession.mockResolvedValue([]);
    find(error, 'button')?.click();
    await until(fixture, () => find(tab, '.empty'));
  });
});
