import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { beforeEach, describe, expect, it } from 'vitest';
import { aRunner } from '../../testing/fixtures';
import { provideSilentConnection, SilentConnection } from '../../testing/silent-connection';
import { find, until } from '../../testing/until';
import { DeadLettersApi } from '../core/api/dead-letters-api';
import { RunnersApi } from '../core/api/runners-api';
import { HealthBadge } from './health-badge';

describe('HealthBadge', () => {
  let connection: SilentConnection;

  beforeEach(() => {
    connection = new SilentConnection();
    TestBed.configureTestingModule({
      providers: [
        provideRouter([]),
        provideSilentConnection(connection),
        { provide: DeadLettersApi, useValue: { count: () => Promise.resolve(0) } },
        { provide: RunnersApi, useValue: { list: () => Promise.resolve({ runners: [aRunner()] }) } },
      ],
    });
  });

  async function open() {
    const fixture = TestBed.createComponent(HealthBadge);
    const badge: HTMLElement = fixture.nativeElement;
    await until(fixture, () => find(badge, 'a[href="/runners"]', '1 runner'));
    const label = (): string => badge.getAttribute('aria-label') ?? '';
    const state = (): string => badge.querySelector('.state')?.textContent?.trim() ?? '';
    return { fixture, badge, label, state };
  }

  it('says that all is well, and how many runners there are', async () => {
    const { badge, label, state } = await open();
    expect([state(), label()]).toEqual(['Connected', 'Health: connected to the relay']);
    expect(badge.getAttribute('role')).toBe('group');
    expect(find(badge, 'a[href="/triggers"]')).toBeNull();
  });

  it('counts dead letters, says them aloud, and leads to them', async () => {
    const { fixture, badge, label, state } = await open();
    connection.say('dead-letters:count', { count: 3 });
    const link = await until(fixture, () => find(badge, 'a[href="/triggers"]', '3'));
    expect(link.getAttribute('aria-label')).toBe('3 dead letters');
    expect([state(), label()]).toEqual(['Degraded', 'Health: connected to the relay, 3 dead letters']);
    expect(badge.querySelector('[aria-live]')?.textContent?.trim()).toBe('3 dead letters');
    connection.say('dead-letters:count', { count: 0 });
    await until(fixture, () => state() === 'Connected');
  });

  it('is degraded when no runner is there, and not because one of several is away', async () => {
    const { fixture, badge, label, state } = await open();
    connection.say('runner:updated', { runner: aRunner({ runnerId: 'r2', name: 'laptop', online: false }) });
    await until(fixture, () => find(badge, 'a', '1 of 2 runners'));
    expect(state()).toBe('Connected');
    connection.say('runner:updated', { runner: aRunner({ online: false }) });
    await until(fixture, () => find(badge, 'a.none', '2 runners away'));
    expect([state(), label()]).toEqual(['Degraded', 'Health: connected to the relay, no runner is connected']);
  });

  it('is about the relay first', async () => {
    const { fixture, badge, label, state } = await open();
    connection.say('dead-letters:count', { count: 1 });
    connection.state.set('offline');
    connection.isLost.set(true);
    await until(fixture, () => state() === 'Disconnected');
    expect(label()).toBe('Health: disconnected from the relay');
    // What was known stays, and looks old.
    expect(find(badge, '.facts.pz-stale a', '1 runner')).not.toBeNull();
  });
});
