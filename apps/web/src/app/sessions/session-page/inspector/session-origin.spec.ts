import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { describe, expect, it } from 'vitest';
import { aSession } from '../../../../testing/fixtures';
import { find, until } from '../../../../testing/until';
import { ApiProblem } from '../../../core/api/api-problem';
import { ListenersApi } from '../../../core/api/listeners-api';
import { TriggersApi } from '../../../core/api/triggers-api';
import { SessionOrigin } from './session-origin';

const started = { listenerId: 'lst_1', triggerId: 'trg_1', runnerId: 'r1' };
const gone = () => Promise.reject(new ApiProblem({ status: 404, code: 'not_found', detail: 'There is none.' }));

describe('SessionOrigin', () => {
  function open(changes: Parameters<typeof aSession>[0], isKnown = true): ReturnType<typeof show> {
    TestBed.configureTestingModule({
      providers: [
        provideRouter([]),
        {
          provide: ListenersApi,
          useValue: { get: isKnown ? () => Promise.resolve({ triggerType: 'ci:finished' }) : gone },
        },
        {
          provide: TriggersApi,
          useValue: { state: isKnown ? () => Promise.resolve({ trigger: { summary: 'Build 9 failed' } }) : gone },
        },
      ],
    });
    return show(changes);
  }
  function show(changes: Parameters<typeof aSession>[0]) {
    const fixture = TestBed.createComponent(SessionOrigin);
    fixture.componentRef.setInput('session', aSession({ ...started, ...changes }));
    const page: HTMLElement = fixture.nativeElement;
    return { fixture, page };
  }

  it('names listener and trigger', async () => {
    const { fixture, page } = open({});
    const link = await until(fixture, () => find(page, 'a', 'the listener for ci:finished'));
    expect(link.getAttribute('href')).toBe('/runners/r1/listeners?listener=lst_1');
    await until(fixture, () => find(page, 'span', '“Build 9 failed”'));
    expect(page.textContent).not.toContain('waits');
  });

  it('goes on without them when they are gone', async () => {
    const { fixture, page } = open({}, false);
    await until(fixture, () => find(page, 'a', 'a listener'));
    await until(fixture, () => find(page, 'span', 'its trigger'));
  });

  it.each([
    [false, 'waits for the runner'],
    [true, 'waits: as many as allowed are running'],
  ])('says what it waits for (held: %s)', async (isHeld, words) => {
    const { fixture, page } = open({ status: 'pending', activity: null, isHeld });
    await until(fixture, () => find(page, 'span', words));
  });
});
