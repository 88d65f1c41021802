import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter, Router } from '@angular/router';
import { beforeEach, describe, expect, it } from 'vitest';
import { AccountApi } from '../api/account-api';
import { ApiProblem } from '../api/api-problem';
import { isAdmin, signedIn } from './guards';

@Component({ template: '' })
class Page {}

const failure = (status: number): ApiProblem => new ApiProblem({ status, code: 'internal_error', detail: 'No.' });

describe('a deep link', () => {
  let me: () => Promise<unknown>;
  let setup: () => Promise<unknown>;

  beforeEach(() => {
    me = () => Promise.reject(failure(401));
    setup = () => Promise.resolve({ hasAccounts: true });
    TestBed.configureTestingModule({
      providers: [
        { provide: AccountApi, useValue: { me: () => me(), setup: () => setup() } },
        provideRouter([
          { path: 'login', component: Page },
          { path: 'register', component: Page },
          { path: 'admin/members', canActivate: [signedIn, isAdmin], component: Page },
          { path: '', pathMatch: 'full', component: Page },
        ]),
      ],
    });
  });

  async function follow(): Promise<string> {
    const router = TestBed.inject(Router);
    await router.navigateByUrl('/admin/members?role=owner');
    return router.url;
  }

  it('waits behind the login, also where the relay cannot say whether there are accounts', async () => {
    setup = () => Promise.reject(failure(500));
    expect(await follow()).toBe('/login?next=%2Fadmin%2Fmembers%3Frole%3Downer');
  });

  it('leads whoever comes first to the registration', async () => {
    setup = () => Promise.resolve({ hasAccounts: false });
    expect(await follow()).toBe('/register');
  });

  it('stays while it is not known who is there: the shell says so, and goes on here', async () => {
    me = () => Promise.reject(failure(500));
    expect(await follow()).toBe('/admin/members?role=owner');
  });

  it('to a page of administrators leads a member home', async () => {
    me = () => Promise.resolve({ organisation: { role: 'member' } });
    expect(await follow()).toBe('/');
  });
});
