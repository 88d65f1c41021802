import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { describe, expect, it, vi } from 'vitest';
import { aRunner } from '../../testing/fixtures';
import { provideSilentConnection, SilentConnection } from '../../testing/silent-connection';
import { find, until } from '../../testing/until';
import { ApiProblem } from '../core/api/api-problem';
import { RunnersApi } from '../core/api/runners-api';
import { RunnerPage } from './runner-page';

describe('RunnerPage', () => {
  it('renames its runner in place', async () => {
    const connection = new SilentConnection();
    const rename = vi.fn().mockResolvedValue(aRunner({ name: 'Werkbank' }));
    TestBed.configureTestingModule({
      providers: [
        provideRouter([]),
        provideSilentConnection(connection),
        { provide: RunnersApi, useValue: { list: () => Promise.resolve({ runners: [aRunner()] }), rename } },
      ],
    });
    const fixture = TestBed.createComponent(RunnerPage);
    fixture.componentRef.setInput('runnerId', 'r1');
    const page: HTMLElement = fixture.nativeElement;
    const name = await until(fixture, () => find(page, 'h1', 'build-1'));
    name.dispatchEvent(new MouseEvent('dblclick'));
    const field = await until(fixture, () => page.querySelector<HTMLInputElement>('pz-name-edit input'));
    field.value = 'Werkbank';
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' }));
    await until(fixture, () => find(page, 'h1', 'build-1'));
    expect(rename).toHaveBeenCalledExactlyOnceWith('r1', 'Werkbank');
    connection.say('runner:updated', { runner: aRunner({ name: 'Werkbank' }) });
    await until(fixture, () => find(page, 'h1', 'Werkbank'));
  });

  it('names the request that failed, for whoever reads the relay’s log', async () => {
    const detail = 'Something went wrong in the relay.';
    const problem = new ApiProblem({ status: 500, code: 'internal_error', detail, requestId: 'req-7' });
    const fail = (): Promise<never> => Promise.reject(problem);
    TestBed.configureTestingModule({
      providers: [
        provideRouter([]),
        provideSilentConnection(),
        { provide: RunnersApi, useValue: { list: fail, get: fail } },
      ],
    });
    const fixture = TestBed.createComponent(RunnerPage);
    fixture.componentRef.setInput('runnerId', 'r1');
    const page: HTMLElement = fixture.nativeElement;
    await until(fixture, () => find(page, '[role=alert] code', 'req-7'));
  });
});
