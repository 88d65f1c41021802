import { Component, inject } from '@angular/core';
import { Title } from '@angular/platform-browser';
import { TestBed } from '@angular/core/testing';
import { provideRouter, Router, TitleStrategy } from '@angular/router';
import type { SessionView } from '@pizzapi/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { aSession } from '../../testing/fixtures';
import { provideSilentConnection, SilentConnection } from '../../testing/silent-connection';
import { until } from '../../testing/until';
import { SessionsApi } from '../core/api/sessions-api';
import { PageTitle } from '../core/page-title';
import { WaitingSessions } from './waiting-sessions';

@Component({ selector: 'pz-test-page', template: '' })
class Page {}

@Component({ selector: 'pz-test-shell', template: `{{ waiting.announcement() }}` })
class Shell {
  protected readonly waiting = inject(WaitingSessions);
  constructor() {
    inject(PageTitle).count(this.waiting.count);
  }
}

describe('WaitingSessions', () => {
  let connection: SilentConnection;
  let known: SessionView[];

  beforeEach(() => {
    connection = new SilentConnection();
    known = [];
    TestBed.configureTestingModule({
      providers: [
        provideSilentConnection(connection),
        { provide: TitleStrategy, useExisting: PageTitle },
        provideRouter([
          { path: 's/:sessionId', title: 'Session · PizzaPi', component: Page },
          { path: '**', title: 'Runners · PizzaPi', component: Page },
        ]),
        { provide: SessionsApi, useValue: { list: () => Promise.resolve({ sessions: known }) } },
      ],
    });
  });
  const say = (session: SessionView, activity: SessionView['activity']): void =>
    connection.say('session:updated', { session: { ...session, activity } });

  it('counts them in the title, and says who began to wait, once', async () => {
    const [refunds, links] = [aSession({ name: 'Refunds' }), aSession({ name: 'Links' })];
    known = [refunds, links];
    const fixture = TestBed.createComponent(Shell);
    const page: HTMLElement = fixture.nativeElement;
    await TestBed.inject(Router).navigateByUrl('/runners');
    await until(fixture, () => TestBed.inject(Title).getTitle() === 'Runners · PizzaPi');
    say(refunds, 'waiting');
    await until(fixture, () => page.textContent === 'Refunds waits for you');
    expect(TestBed.inject(Title).getTitle()).toBe('(1) Runners · PizzaPi');
    say(links, 'waiting');
    await until(fixture, () => page.textContent === 'Links waits for you');
    // The next one is called the same: read out again, because the text is another one.
    say(aSession({ name: 'Links' }), 'waiting');
    await until(fixture, () => page.textContent === 'Links waits for you\u00a0');
    say(links, 'working');
    await until(fixture, () => TestBed.inject(Title).getTitle() === '(2) Runners · PizzaPi');
  });

  it('counts each question, and says so when one that waits already asks something more', async () => {
    const refunds = aSession({ name: 'Refunds', activity: 'waiting' });
    known = [refunds, aSession({ name: 'Links', activity: 'waiting' })];
    const fixture = TestBed.createComponent(Shell);
    const page: HTMLElement = fixture.nativeElement;
    await TestBed.inject(Router).navigateByUrl('/runners');
    await until(fixture, () => TestBed.inject(Title).getTitle() === '(2) Runners · PizzaPi');
    const ask = (count: number, latestId: string, updatedAt: string): void =>
      connection.say('session:updated', { session: { ...refunds, updatedAt, questions: { count, latestId } } });
    ask(2, 'apr_2', '2026-01-01T00:01:00.000Z');
    await until(fixture, () => page.textContent === 'Refunds with 2 questions waits for you');
    expect(TestBed.inject(Title).getTitle()).toBe('(3) Runners · PizzaPi');
    // Something else of it changed.
    ask(2, 'apr_2', '2026-01-01T00:02:00.000Z');
    // One was answered, and another one asked.
    ask(2, 'apr_3', '2026-01-01T00:03:00.000Z');
    await until(fixture, () => page.textContent === 'Refunds with 2 questions waits for you\u00a0');
  });

  it('counts what is asked while the agent rests or goes on without an answer, but not in one that is over or unloaded', async () => {
    const questions = { count: 1, latestId: 'apr_1' };
    known = [
      aSession({ name: 'Rests', questions }),
      aSession({ activity: 'working', questions }),
      aSession({ activity: 'paused', questions }),
      aSession({ status: 'ended', activity: null, questions }),
    ];
    const fixture = TestBed.createComponent(Shell);
    const page: HTMLElement = fixture.nativeElement;
    const waiting = TestBed.inject(WaitingSessions);
    await until(fixture, () => waiting.count() === 2);
    const [rests] = known;
    if (rests === undefined) throw new Error('There is none.');
    connection.say('session:updated', { session: { ...rests, questions: { count: 1, latestId: 'apr_2' } } });
    await until(fixture, () => page.textContent === 'Rests waits for you');
  });

  it('goes round: past the last card of a page to the next session', async () => {
    known = ['c', 'b', 'a'].map((sessionId) => aSession({ sessionId, activity: 'waiting' }));
    const fixture = TestBed.createComponent(Shell);
    const waiting = TestBed.inject(WaitingSessions);
    await until(fixture, () => waiting.count() === 3);
    const router = TestBed.inject(Router);
    const end = { destroyed: false, onDestroy: () => () => undefined };
    for (const [from, to] of [
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'a'],
    ] as const) {
      const asked: boolean[] = [];
      waiting.open(from, (mayLeave) => asked.push(mayLeave) === 1, end);
      waiting.go();
      waiting.go();
      await until(fixture, () => router.url === `/s/${to}#waiting`);
      expect(asked).toEqual([true, true]);
    }
  });

  it('leads to the card of the open page, else to the session that waits', async () => {
    const session = aSession({ activity: 'waiting' });
    known = [session];
    const fixture = TestBed.createComponent(Shell);
    const waiting = TestBed.inject(WaitingSessions);
    await until(fixture, () => waiting.count() === 1);
    let isOpen = true;
    const ends: (() => void)[] = [];
    waiting.open('other', () => isOpen, { destroyed: false, onDestroy: (end) => (ends.push(end), () => undefined) });
    const router = TestBed.inject(Router);
    waiting.go();
    expect(router.url).toBe('/');
    isOpen = false;
    waiting.go();
    await until(fixture, () => router.url === `/s/${session.sessionId}#waiting`);
  });

  it('says nothing of the session that is looked at', async () => {
    const session = aSession();
    known = [session];
    const fixture = TestBed.createComponent(Shell);
    const waiting = TestBed.inject(WaitingSessions);
    waiting.open(session.sessionId, () => true, { destroyed: false, onDestroy: () => () => undefined });
    await until(fixture, () => connection.epoch() === 1);
    say(session, 'waiting');
    await until(fixture, () => waiting.count() === 1);
    expect(waiting.announcement()).toBe('');
  });
});
