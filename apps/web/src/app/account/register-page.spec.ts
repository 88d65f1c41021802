import { TestBed } from '@angular/core/testing';
import { of } from 'rxjs';
import { ActivatedRoute, Router, provideRouter } from '@angular/router';
import { describe, expect, it, vi } from 'vitest';
import { find, type, until } from '../../testing/until';
import { AccountApi, type Setup } from '../core/api/account-api';
import { ApiProblem } from '../core/api/api-problem';
import { RegisterPage } from './register-page';

function open(setup: Setup, fragment: string | null = null) {
  const register = vi.fn().mockResolvedValue({});
  TestBed.configureTestingModule({
    providers: [
      provideRouter([]),
      { provide: ActivatedRoute, useValue: { fragment: of(fragment) } },
      {
        provide: AccountApi,
        useValue: { setup: () => Promise.resolve(setup), register, me: () => Promise.resolve({}) },
      },
    ],
  });
  vi.spyOn(TestBed.inject(Router), 'navigateByUrl').mockResolvedValue(true);
  const fixture = TestBed.createComponent(RegisterPage);
  const page: HTMLElement = fixture.nativeElement;
  return { fixture, page, register };
}

const first: Setup = { hasAccounts: false, registration: 'invite', setupCodeRequired: false };
const later: Setup = { hasAccounts: true, registration: 'invite', setupCodeRequired: false };

function fill(page: HTMLElement): void {
  type(page, 'input[type=email]', 'ada@example.com');
  type(page, 'input[type=password]', 'correct horse battery');
}

describe('RegisterPage', () => {
  it('lets the first visitor create the first account', async () => {
    const { fixture, page, register } = open(first);
    await until(fixture, () => find(page, 'form'));
    expect(page.querySelector('h1')?.textContent).toBe('Set up PizzaPi');
    fill(page);
    find(page, 'button[type=submit]')?.click();
    await until(fixture, () => register.mock.calls.length > 0);
    expect(register).toHaveBeenCalledWith({ email: 'ada@example.com', password: 'correct horse battery' });
  });

  it('asks for the set-up code once the server wants it', async () => {
    const { fixture, page, register } = open(first);
    await until(fixture, () => find(page, 'form'));
    register.mockRejectedValueOnce(new ApiProblem({ status: 403, code: 'setup_code_invalid', detail: 'Wrong code.' }));
    fill(page);
    find(page, 'button[type=submit]')?.click();
    await until(fixture, () => find(page, 'label', 'Set-up code'));
    type(page, 'input[autocomplete=one-time-code]', '1234');
    await fixture.whenStable();
    find(page, 'button[type=submit]')?.click();
    await until(fixture, () => register.mock.calls.length === 2);
    expect(register.mock.calls[1]?.[0]).toMatchObject({ setupCode: '1234' });
  });

  it('sends the invitation of the fragment', async () => {
    const { fixture, page, register } = open(later, 'invitation=abc123');
    await until(fixture, () => find(page, 'form'));
    fill(page);
    find(page, 'button[type=submit]')?.click();
    await until(fixture, () => register.mock.calls.length > 0);
    expect(register.mock.calls[0]?.[0]).toMatchObject({ invitation: 'abc123' });
  });

  it('shows no form without an invitation when registration is by invitation', async () => {
    const { fixture, page } = open(later);
    await until(fixture, () => find(page, 'pz-empty-state', 'By invitation'));
    expect(find(page, 'form')).toBeNull();
  });

  it('says what is wrong before it sends anything', async () => {
    const { fixture, page, register } = open(first);
    await until(fixture, () => find(page, 'form'));
    type(page, 'input[type=email]', 'not an address');
    type(page, 'input[type=password]', 'short');
    find(page, 'button[type=submit]')?.click();
    await until(fixture, () => find(page, '[role=alert]', 'This is not an email address'));
    expect(find(page, '[role=alert]', 'At least 8 characters')).not.toBeNull();
    expect(register).not.toHaveBeenCalled();
  });
});
