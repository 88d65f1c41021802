import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter, Router } from '@angular/router';
import type { ForkSessionDto } from '@pizzapi/api-client';
import { beforeEach, describe, expect, it } from 'vitest';
import { aSession } from '../../testing/fixtures';
import { ApiProblem, networkProblem } from '../core/api/api-problem';
import { SessionsApi } from '../core/api/sessions-api';
import { Toasts } from '../core/toasts';
import { FreshSession } from './fresh-session';
import { Composer } from './session-page/composer/composer';
import { SessionForks } from './session-forks';

@Component({ template: '' })
class Blank {}

const session = aSession();
const message = { entryId: 'e1', text: 'Bake\na calzone', attachments: [] };
const file = { attachmentId: 'att_1', name: 'a.txt', mediaType: 'text/plain', size: 3, isImage: false };

describe('SessionForks', () => {
  let asked: { sessionId: string; body: ForkSessionDto; key: string }[];
  let answers: PromiseWithResolvers<{ sessionId: string }>[];
  let forks: SessionForks;
  let fresh: FreshSession;

  beforeEach(() => {
    localStorage.clear();
    [asked, answers] = [[], []];
    const fork = (sessionId: string, body: ForkSessionDto, key: string) => {
      asked.push({ sessionId, body, key });
      const answer = Promise.withResolvers<{ sessionId: string }>();
      answers.push(answer);
      return answer.promise;
    };
    TestBed.configureTestingModule({
      providers: [
        provideRouter([{ path: 's/:sessionId', component: Blank }]),
        { provide: SessionsApi, useValue: { fork } },
      ],
    });
    forks = TestBed.inject(SessionForks);
    fresh = TestBed.inject(FreshSession);
  });

  const url = (): string => TestBed.inject(Router).url;
  const said = (): string[] =>
    TestBed.inject(Toasts)
      .toasts()
      .map(({ text }) => text);
  const answer = (sessionId: string): void => answers.at(-1)?.resolve({ sessionId });
  const refuse = (problem: ApiProblem): void => answers.at(-1)?.reject(problem);

  it('makes one session of two clicks, and leads to it', async () => {
    const clicks = [forks.whole(session), forks.whole(session), forks.before(session.sessionId, message)];
    expect(forks.isUnderWay()).toBe(true);
    answer('f1');
    await Promise.all(clicks);
    expect(asked).toEqual([{ sessionId: session.sessionId, body: {}, key: expect.stringMatching(/^\w{32}$/) }]);
    expect(url()).toBe('/s/f1');
    expect(forks.isUnderWay()).toBe(false);
  });

  it('asks with the same key again when the answer was lost, unless more was said meanwhile', async () => {
    const lose = async (fork: Promise<void>): Promise<void> => {
      refuse(networkProblem());
      await fork;
    };
    await lose(forks.whole(session));
    await lose(forks.whole(session));
    const later = forks.whole({ ...session, lastEventSeq: session.lastEventSeq + 1 });
    answer('f1');
    await later;
    const again = forks.whole({ ...session, lastEventSeq: session.lastEventSeq + 1 });
    answer('f2');
    await again;
    const [first, second, third, fourth] = asked.map(({ key }) => key);
    expect(second).toBe(first);
    expect(new Set([first, third, fourth]).size).toBe(3);
  });

  it('puts the message’s words into the new session’s field, for who is led there to go on writing', async () => {
    const fork = forks.before(session.sessionId, message);
    answer('f1');
    await fork;
    expect(asked[0]?.body).toEqual({ entryId: 'e1' });
    const fieldOf = (sessionId: string): string | undefined => {
      const fixture = TestBed.createComponent(Composer);
      fixture.componentRef.setInput('sessionId', sessionId);
      fixture.componentRef.setInput('isWorking', false);
      fixture.detectChanges();
      const page: HTMLElement = fixture.nativeElement;
      return page.querySelector('textarea')?.value;
    };
    expect(fieldOf('f1')).toBe(message.text);
    expect(fieldOf(session.sessionId)).toBe('');
    expect(said()).toEqual([]);
    expect([fresh.take(session.sessionId), fresh.take('f1'), fresh.take('f1')]).toEqual([false, true, false]);
  });

  it('goes on from before a trigger, with an empty field', async () => {
    const fork = forks.before(session.sessionId, { entryId: 't1' });
    answer('f1');
    await fork;
    expect(asked[0]?.body).toEqual({ entryId: 't1' });
    expect([url(), said(), fresh.take('f1')]).toEqual(['/s/f1', [], true]);
  });

  it('says that files do not come along', async () => {
    const fork = forks.before(session.sessionId, { ...message, attachments: [file] });
    answer('f1');
    await fork;
    expect(said()).toEqual([expect.stringContaining('Attach them again')]);
  });

  it('says why it was refused, stays where it is, and can be asked again', async () => {
    const before = url();
    const fork = forks.before(session.sessionId, message);
    refuse(new ApiProblem({ status: 422, code: 'entry_unknown', detail: 'The session has no such message.' }));
    await fork;
    expect(said()).toEqual(['The session has no such message.']);
    expect(url()).toBe(before);
    expect(forks.isUnderWay()).toBe(false);
  });
});
