import { TestBed } from '@angular/core/testing';
import { Router, provideRouter } from '@angular/router';
import { describe, expect, it, vi } from 'vitest';
import { find, type, until } from '../../testing/until';
import { AccountApi } from '../core/api/account-api';
import { ApiProblem } from '../core/api/api-problem';
import { LoginPage } from './login-page';

function open(next?: string) {
  const login = vi.fn().mockResolvedValue(undefined);
  TestBed.configureTestingModule({
    providers: [
      provideRouter([]),
      {
        provide: AccountApi,
        useValue: {
          login,
          me: () => Promise.resolve({}),
          setup: () => Promise.resolve({ hasAccounts: true, registration: 'invite', setupCodeRequired: false }),
        },
      },
    ],
  });
  const navigate = vi.spyOn(TestBed.inject(Router), 'navigateByUrl').mockResolvedValue(true);
  const fixture = TestBed.createComponent(LoginPage);
  fixture.componentRef.setInput('next', next);
  const page: HTMLElement = fixture.nativeElement;
  return { fixture, page, login, navigate };
}

async function submit({ fixture, page }: ReturnType<typeof open>): Promise<void> {
  await until(fixture, () => find(page, 'form'));
  type(page, 'input[type=email]', 'ada@example.com');
  type(page, 'input[type=password]', 'secret words');
  find(page, 'button[type=submit]')?.click();
}

describe('LoginPage', () => {
  it('goes on to where the person wanted to go', async () => {
    const opened = open('/s/abc');
    await submit(opened);
    await until(opened.fixture, () => opened.navigate.mock.calls.length > 0);
    expect(opened.navigate).toHaveBeenCalledWith('/s/abc');
  });

  it.each(['//evil.example', 'https://evil.example', '/\\evil.example'])(
    'never leaves the console for %s',
    async (next) => {
      const opened = open(next);
      await submit(opened);
      await until(opened.fixture, () => opened.navigate.mock.calls.length > 0);
      expect(opened.navigate).toHaveBeenCalledWith('/');
    },
  );

  it('says why the relay refused', async () => {
    const opened = open();
    opened.login.mockRejectedValue(
      new ApiProblem({ status: 401, code: 'wrong_credentials', detail: 'Email or password is wrong.' }),
    );
    await submit(opened);
    await until(opened.fixture, () => find(opened.page, '[role=alert]', 'Email or password is wrong.'));
    expect(opened.navigate).not.toHaveBeenCalled();
  });
});
