import { TestBed } from '@angular/core/testing';
import { provideRouter, withComponentInputBinding } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { find, until } from '../../testing/until';
import { ApiProblem } from '../core/api/api-problem';
import { TunnelsApi } from '../core/api/tunnels-api';
import { noteEntry } from './entry-count';
import { LEAVE_FOR } from './leave-for';
import { OpenTunnelPage } from './open-tunnel-page';
import { pathWithin } from './tunnel-address';

const ticket = {
  url: 'http://label1.localhost:7492/.pizzapi/enter?ticket=t1',
  form: 'origin',
  expiresAt: '2026-01-01T00:01:00.000Z',
};

describe('OpenTunnelPage', () => {
  const api = { ticket: vi.fn() };
  const leaveFor = vi.fn();

  beforeEach(() => {
    vi.resetAllMocks();
    sessionStorage.clear();
    api.ticket.mockResolvedValue(ticket);
    TestBed.configureTestingModule({
      providers: [
        provideRouter([{ path: 'open-tunnel/:label', component: OpenTunnelPage }], withComponentInputBinding()),
        { provide: TunnelsApi, useValue: api },
        { provide: LEAVE_FOR, useValue: leaveFor },
      ],
    });
  });

  async function visit(address: string) {
    const { fixture, routeNativeElement: page } = await RouterTestingHarness.create(address);
    if (page === null) throw new Error('There is no page.');
    return { fixture, page };
  }

  it('asks for a ticket and goes on', async () => {
    const { fixture } = await visit('/open-tunnel/label1?path=%2Forders%3Fpage%3D2');
    await until(fixture, () => leaveFor.mock.calls.length === 1);
    expect(api.ticket).toHaveBeenCalledWith('label1', '/orders?page=2');
    expect(leaveFor).toHaveBeenCalledWith(ticket.url);
  });

  it.each([
    [404, 'not_found', 'There is no such tunnel', false],
    [503, 'runner_offline', 'Its runner is away', true],
    [429, 'rate_limited', 'The relay did not let you in', true],
  ])('says what is wrong: %i %s', async (status, code, heading, canRetry) => {
    api.ticket.mockRejectedValueOnce(new ApiProblem({ status, code, detail: 'Because.' }));
    const { fixture, page } = await visit('/open-tunnel/label1');
    await until(fixture, () => find(page, 'h1', heading));
    expect(find(page, 'a', 'Go to sessions')).not.toBeNull();
    const retry = find(page, 'button', 'Retry');
    expect(retry !== null).toBe(canRetry);
    if (!canRetry) return;
    retry?.click();
    await until(fixture, () => leaveFor.mock.calls.length === 1);
  });

  it('does not go in again and again where it is sent back', async () => {
    for (let time = 0; time < 3; time += 1) expect(noteEntry('label1')).toBe(true);
    const { fixture, page } = await visit('/open-tunnel/label1');
    await until(fixture, () => find(page, 'h1', 'This browser can’t get in'));
    expect(leaveFor).not.toHaveBeenCalled();
    find(page, 'button', 'Retry')?.click();
    await until(fixture, () => leaveFor.mock.calls.length === 1);
  });
});

describe('noteEntry', () => {
  it('counts one tunnel at a time, and forgets', () => {
    sessionStorage.clear();
    expect([0, 1, 2, 3].map((at) => noteEntry('a', at))).toEqual([true, true, true, false]);
    expect([4, 5, 6].map((at) => noteEntry('a', at))).toEqual([true, true, true]);
    expect(noteEntry('b', 7)).toBe(true);
    expect([8, 20_000, 40_000, 60_000, 80_000].map((at) => noteEntry('a', at))).not.toContain(false);
  });
});

describe('pathWithin', () => {
  it.each([
    [undefined, undefined],
    ['', undefined],
    ['https://evil.example/', undefined],
    ['javascript:alert(1)', undefined],
    ['/', '/'],
    ['/a b/ü?q=ä#part', '/a%20b/%C3%BC?q=%C3%A4'],
    ['//evil.example/x', '//evil.example/x'],
    ['/\\evil.example', '//evil.example'],
    ['/@evil.example', '/@evil.example'],
    ['/../../etc', '/etc'],
  ])('%j is %j', (path, expected) => {
    expect(pathWithin(path)).toBe(expected);
  });
});
