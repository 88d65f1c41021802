import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { beforeEach, describe, expect, it } from 'vitest';
import { aRunner, aSession } from '../../../testing/fixtures';
import { SilentConnection, provideSilentConnection } from '../../../testing/silent-connection';
import { find, type, until } from '../../../testing/until';
import { DeadLettersApi } from '../../core/api/dead-letters-api';
import { RunnersApi } from '../../core/api/runners-api';
import { type SessionQuery, SessionsApi } from '../../core/api/sessions-api';
import { SessionsStore } from '../sessions-store';
import { SessionRail } from './session-rail';

describe('SessionRail', () => {
  const connection = new SilentConnection();
  const sessions = [
    aSession({ name: 'Retry refunds' }),
    aSession({ name: 'Broken links', status: 'failed', activity: null }),
  ];
  const asked: SessionQuery[] = [];

  beforeEach(() => {
    localStorage.clear();
    asked.length = 0;
    TestBed.configureTestingModule({
      providers: [
        provideRouter([]),
        provideSilentConnection(connection),
        { provide: DeadLettersApi, useValue: { count: () => Promise.resolve(0) } },
        { provide: RunnersApi, useValue: { list: () => Promise.resolve({ runners: [aRunner()] }) } },
        {
          provide: SessionsApi,
          useValue: {
            list: (query: SessionQuery) => {
              asked.push(query);
              return Promise.resolve({ sessions: sessions.filter(({ name }) => name.includes(query.q ?? '')) });
            },
          },
        },
      ],
    });
  });

  it('lists sessions under runner and folder with their state in words', async () => {
    const fixture = TestBed.createComponent(SessionRail);
    const page: HTMLElement = fixture.nativeElement;
    await until(fixture, () => find(page, 'a[data-session]', 'Retry refunds'));
    expect(find(page, '.runner', 'build-1')).not.toBeNull();
    expect(find(page, '.folder', '~/code/app')).not.toBeNull();
    const failed = find(page, 'a[data-session]', 'Broken links');
    expect(failed?.querySelector('pz-status-dot')?.getAttribute('aria-label')).toBe('failed');
  });

  it('calls no runner unknown before the runners are read', async () => {
    const runners = Promise.withResolvers<object>();
    TestBed.overrideProvider(RunnersApi, { useValue: { list: () => runners.promise } });
    const fixture = TestBed.createComponent(SessionRail);
    const page: HTMLElement = fixture.nativeElement;
    const store = TestBed.inject(SessionsStore);
    await until(fixture, () => store.isLoaded() || null);
    fixture.detectChanges();
    expect(find(page, '.runner', 'Unknown runner')).toBeNull();
    expect(page.querySelector('pz-skeleton')).not.toBeNull();
    runners.resolve({ runners: [aRunner()] });
    await until(fixture, () => find(page, '.runner', 'build-1'));
  });

  it('has higher rows for who reads larger text', async () => {
    const rowHeight = async (): Promise<number> => {
      const fixture = TestBed.createComponent(SessionRail);
      const page: HTMLElement = fixture.nativeElement;
      const link = await until(fixture, () => find(page, 'a[data-session]', 'Retry refunds'));
      fixture.destroy();
      return Number.parseFloat(link.closest('li')?.style.height ?? '');
    };
    const usual = await rowHeight();
    expect(usual).toBeGreaterThan(0);
    document.documentElement.style.fontSize = '32px';
    try {
      expect(await rowHeight()).toBe(2 * usual);
    } finally {
      document.documentElement.style.fontSize = '';
    }
  });

  it('is one stop of the Tab key for each session; the arrows and the key of context menus reach what can be done', async () => {
    const fixture = TestBed.createComponent(SessionRail);
    const page: HTMLElement = fixture.nativeElement;
    const link = await until(fixture, () => find(page, 'a[data-session]', 'Retry refunds'));
    const row = link.closest('li');
    const stops = [...(row?.querySelectorAll<HTMLElement>('a, button') ?? [])].filter(({ tabIndex }) => tabIndex >= 0);
    expect(stops).toEqual([link]);

    const actions = find(page, 'button[aria-label="Actions for Retry refunds"]');
    const press = (key: string, shiftKey = false): void => {
      const event = new KeyboardEvent('keydown', { key, shiftKey, bubbles: true, cancelable: true });
      document.activeElement?.dispatchEvent(event);
    };
    link.focus();
    press('ArrowRight');
    expect(document.activeElement).toBe(actions);
    press('ArrowLeft');
    expect(document.activeElement).toBe(link);
    expect(link.getAttribute('aria-keyshortcuts')).toBe('Shift+F10');
    press('F10', true);
    await until(fixture, () => find(document.body, '[role=menu] [role=menuitem]', 'Copy id'));
    expect(document.activeElement?.textContent).toContain('Pin to the top');
  });

  it('brings nobody back to the list who has clicked elsewhere since', async () => {
    const fixture = TestBed.createComponent(SessionRail);
    const page: HTMLElement = fixture.nativeElement;
    await until(fixture, () => find(page, 'a[data-session]'));
    const fresh = aSession({ name: 'From elsewhere' });
    connection.say('session:updated', { session: fresh });
    const link = await until(fixture, () => find(page, 'a[data-session]', 'From elsewhere'));
    link.focus();
    // What a click on nothing does.
    document.body.dispatchEvent(new Event('pointerdown', { bubbles: true }));
    link.blur();
    connection.say('session:removed', { sessionId: fresh.sessionId });
    await until(fixture, () => find(page, 'a[data-session]', 'From elsewhere') === null);
    expect(document.activeElement).toBe(document.body);
  });

  it('counts a question among those that need somebody, also where the agent does not wait for the answer', async () => {
    const fixture = TestBed.createComponent(SessionRail);
    const page: HTMLElement = fixture.nativeElement;
    await until(fixture, () => find(page, 'a[data-session]'));
    const asking = aSession({ name: 'Asks for trust', questions: { count: 1, latestId: 'apr_1' } });
    connection.say('session:updated', { session: asking });
    const link = await until(fixture, () => find(page, 'a.urgent', 'Asks for trust'));
    expect(find(page, '.heading', 'Needs you')?.textContent).toContain('1 question');
    expect(link.querySelector('pz-status-dot')?.getAttribute('aria-label')).toBe('idle, needs an answer');
    connection.say('session:updated', { session: { ...asking, questions: null } });
    await until(fixture, () => find(page, '.heading', 'Needs you') === null);
    connection.say('session:removed', { sessionId: asking.sessionId });
  });

  it('follows the hub: a new session appears, a removed one goes', async () => {
    const fixture = TestBed.createComponent(SessionRail);
    const page: HTMLElement = fixture.nativeElement;
    await until(fixture, () => find(page, 'a[data-session]'));
    const fresh = aSession({ name: 'From elsewhere' });
    connection.say('session:updated', { session: fresh });
    await until(fixture, () => find(page, 'a[data-session]', 'From elsewhere'));
    connection.say('session:removed', { sessionId: fresh.sessionId });
    await until(fixture, () => find(page, 'a[data-session]', 'From elsewhere') === null);
  });

  it('marks what changed since it was seen, and not while it works', async () => {
    const fixture = TestBed.createComponent(SessionRail);
    const page: HTMLElement = fixture.nativeElement;
    await until(fixture, () => find(page, 'a[data-session]'));
    const later = '2099-01-01T00:00:00.000Z';
    const changed = aSession({ name: 'Changed', updatedAt: later });
    connection.say('session:updated', { session: { ...changed, activity: 'working' } });
    const row = await until(fixture, () => find(page, 'a[data-session]', 'Changed'));
    expect(row.querySelector('.mark')).toBeNull();
    connection.say('session:updated', { session: changed });
    await until(fixture, () => find(page, 'a[data-session]', 'Changed')?.querySelector('.mark'));
  });

  it('searches on the relay and says when nothing is found', async () => {
    const fixture = TestBed.createComponent(SessionRail);
    const page: HTMLElement = fixture.nativeElement;
    await until(fixture, () => find(page, 'a[data-session]'));
    type(page, 'input[type=search]', 'nothing of that name');
    await until(fixture, () => find(page, 'pz-empty-state', 'Nothing found'));
    expect(asked.at(-1)?.q).toBe('nothing of that name');
  });

  it('says how the whole stands, with the number of dead letters', async () => {
    const fixture = TestBed.createComponent(SessionRail);
    const page: HTMLElement = fixture.nativeElement;
    await until(fixture, () => find(page, 'pz-health-badge', 'Connected'));
    connection.say('dead-letters:count', { count: 3 });
    await until(fixture, () => find(page, 'pz-health-badge a[aria-label="3 dead letters"]'));
  });
});
