import { TestBed } from '@angular/core/testing';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { aSession } from '../../../testing/fixtures';
import { provideSilentConnection, SilentConnection } from '../../../testing/silent-connection';
import { ApiProblem } from '../../core/api/api-problem';
import { SessionsApi } from '../../core/api/sessions-api';
import { OpenedSession } from './opened-session';

describe('a session that can’t be shown', () => {
  const get = vi.fn();
  let opened: OpenedSession;

  beforeEach(() => {
    get.mockReset();
    TestBed.configureTestingModule({
      providers: [
        OpenedSession,
        provideSilentConnection(new SilentConnection()),
        { provide: SessionsApi, useValue: { get } },
      ],
    });
    opened = TestBed.inject(OpenedSession);
  });

  async function openWith(problem: ApiProblem): Promise<void> {
    get.mockRejectedValue(problem);
    opened.open(aSession().sessionId);
    TestBed.tick();
    await vi.waitFor(() => expect(opened.problem()).toBe(problem.message));
  }

  it('names the request that failed, and can be asked for again', async () => {
    await openWith(
      new ApiProblem({ status: 500, code: 'internal_error', detail: 'Something broke.', requestId: 'req-7' }),
    );
    expect(opened.reference()).toBe('req-7');
    expect(opened.isMissing()).toBe(false);
    get.mockResolvedValue(aSession());
    await opened.readAgain();
    expect(opened.problem()).toBeNull();
    expect(opened.reference()).toBeUndefined();
  });

  it('names none where there is no such session: nothing went wrong', async () => {
    await openWith(
      new ApiProblem({ status: 404, code: 'not_found', detail: 'There is no such session.', requestId: 'req-8' }),
    );
    expect(opened.reference()).toBeUndefined();
    expect(opened.isMissing()).toBe(true);
  });
});
