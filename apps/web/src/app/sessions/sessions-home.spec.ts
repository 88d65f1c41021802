import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { aRunner, aSession } from '../../testing/fixtures';
import { provideSilentConnection } from '../../testing/silent-connection';
import { find, until } from '../../testing/until';
import { ApiProblem } from '../core/api/api-problem';
import { RunnersApi } from '../core/api/runners-api';
import { SessionsApi } from '../core/api/sessions-api';
import { SessionsHome } from './sessions-home';
import { SessionsStore } from './sessions-store';

describe('SessionsHome', () => {
  const list = vi.fn();

  beforeEach(() => {
    list.mockReset();
    TestBed.configureTestingModule({
      providers: [
        provideRouter([]),
        provideSilentConnection(),
        { provide: SessionsApi, useValue: { list } },
        { provide: RunnersApi, useValue: { list: () => Promise.resolve({ runners: [aRunner()] }) } },
      ],
    });
  });

  it('says why there is nothing to see, and reads again', async () => {
    list.mockRejectedValueOnce(new ApiProblem({ status: 500, code: 'internal_error', detail: 'The disk is full.' }));
    list.mockResolvedValue({ sessions: [aSession({ name: 'Fix the tests' })] });
    const fixture = TestBed.createComponent(SessionsHome);
    const page: HTMLElement = fixture.nativeElement;
    await until(fixture, () => find(page, '[role=alert]', 'The disk is full.'));
    find(page, 'button', 'Retry')?.click();
    await until(fixture, () => find(page, 'a', 'Fix the tests'));
    expect(find(page, '[role=alert]')).toBeNull();
  });

  it('counts each session once, and puts first what needs an answer', async () => {
    const questions = { count: 1, latestId: 'apr_1' };
    list.mockResolvedValue({
      sessions: [
        aSession({ name: 'Works', activity: 'working' }),
        aSession({ name: 'Rests' }),
        aSession({ name: 'Asks', questions, updatedAt: '2020-01-01T00:00:00.000Z' }),
      ],
    });
    const fixture = TestBed.createComponent(SessionsHome);
    const page: HTMLElement = fixture.nativeElement;
    await until(fixture, () => find(page, 'a', 'Asks'));
    const counts = [...page.querySelectorAll('.tiles dd')].slice(0, 3).map(({ textContent }) => textContent.trim());
    expect(counts).toEqual(['1', '1', '1']);
    const first = page.querySelector('.pz-card li');
    expect(first?.querySelector('.name')?.textContent).toBe('Asks');
    expect(first?.querySelector('.state')?.textContent).toBe('idle, needs an answer');
  });

  it('stays while the list beside it is searched', async () => {
    list.mockResolvedValueOnce({ sessions: [aSession({ name: 'Fix the tests' })] });
    list.mockReturnValue(new Promise(() => undefined));
    const fixture = TestBed.createComponent(SessionsHome);
    const page: HTMLElement = fixture.nativeElement;
    await until(fixture, () => find(page, 'a', 'Fix the tests'));
    TestBed.inject(SessionsStore).setQuery('no such thing');
    await until(fixture, () => list.mock.calls.length === 2);
    await fixture.whenStable();
    expect(find(page, 'a', 'Fix the tests')).not.toBeNull();
  });
});
