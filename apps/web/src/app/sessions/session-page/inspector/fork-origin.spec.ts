import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import type { SessionView } from '@pizzapi/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { aSession } from '../../../../testing/fixtures';
import { SilentConnection, provideSilentConnection } from '../../../../testing/silent-connection';
import { find, until } from '../../../../testing/until';
import { ApiProblem, networkProblem } from '../../../core/api/api-problem';
import { SessionsApi } from '../../../core/api/sessions-api';
import { SessionsStore } from '../../sessions-store';
import { ForkOrigin } from './fork-origin';

const gone = new ApiProblem({ status: 404, code: 'not_found', detail: 'There is no such session.' });

describe('what a session was forked from', () => {
  const origin = aSession({ sessionId: 'o1', name: 'Menu' });
  const known = signal<ReadonlyMap<string, SessionView>>(new Map());
  const connection = new SilentConnection();
  let read: () => Promise<SessionView>;
  let reads: number;

  beforeEach(() => {
    known.set(new Map());
    reads = 0;
    const store = {
      session: (id: string) => known().get(id),
      apply: (session: SessionView) => known.update((all) => new Map(all).set(session.sessionId, session)),
    };
    const get = (): Promise<SessionView> => {
      reads += 1;
      return read();
    };
    TestBed.configureTestingModule({
      providers: [
        provideRouter([]),
        provideSilentConnection(connection),
        { provide: SessionsStore, useValue: store },
        { provide: SessionsApi, useValue: { get } },
      ],
    });
  });

  function open() {
    const fixture = TestBed.createComponent(ForkOrigin);
    fixture.componentRef.setInput('sessionId', 'o1');
    const page: HTMLElement = fixture.nativeElement;
    return { fixture, page };
  }

  it('is led to by its name as it is now', async () => {
    known.set(new Map([['o1', origin]]));
    const { fixture, page } = open();
    const link = await until(fixture, () => find(page, 'a', 'Menu'));
    expect(link.getAttribute('href')).toBe('/s/o1');
    known.set(new Map([['o1', { ...origin, name: 'Menu of May' }]]));
    await until(fixture, () => find(page, 'a', 'Menu of May'));
    expect(reads).toBe(0);
  });

  it('is read when the list does not hold it', async () => {
    read = () => Promise.resolve(origin);
    const { fixture, page } = open();
    await until(fixture, () => find(page, 'a', 'Menu'));
    expect(reads).toBe(1);
  });

  it('may be deleted, also while it is looked at', async () => {
    known.set(new Map([['o1', origin]]));
    read = () => Promise.reject(gone);
    const { fixture, page } = open();
    await until(fixture, () => find(page, 'a', 'Menu'));
    known.set(new Map());
    await until(fixture, () => find(page, 'span', 'a session that was deleted'));
    expect(page.querySelector('a')).toBeNull();
  });

  it('is not called deleted when the relay did not answer, and is read with the next connection', async () => {
    read = () => Promise.reject(networkProblem());
    const { fixture, page } = open();
    await until(fixture, () => reads === 1 && find(page, 'a', 'another session'));
    read = () => Promise.resolve(origin);
    connection.epoch.update((epoch) => epoch + 1);
    await until(fixture, () => find(page, 'a', 'Menu'));
  });
});
