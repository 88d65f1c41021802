import { inject } from '@angular/core';
import { type CanActivateFn, Router } from '@angular/router';
import { AccountApi } from '../api/account-api';
import { Auth } from './auth';

/** Lets the signed-in pass; the first visitor goes to registration, everyone else to the login. */
export const signedIn: CanActivateFn = async (_route, state) => {
  const auth = inject(Auth);
  const api = inject(AccountApi);
  const router = inject(Router);
  const me = await auth.load();
  // Unknown, because the relay is away: the shell says so and offers a retry.
  if (me !== null) return true;
  // Whatever kept the relay from answering: the login page can be shown, and reports it.
  const setup = await api.setup().catch(() => null);
  if (setup && !setup.hasAccounts) return router.parseUrl('/register');
  const next = state.url === '/' ? {} : { next: state.url };
  return router.createUrlTree(['/login'], { queryParams: next });
};

/** Login and registration are for those who are not signed in. */
export const signedOut: CanActivateFn = async () => {
  const auth = inject(Auth);
  const router = inject(Router);
  return (await auth.load()) ? router.parseUrl('/') : true;
};

/** Pages of owners and admins. */
export const isAdmin: CanActivateFn = async () => {
  const auth = inject(Auth);
  const router = inject(Router);
  // Unknown yet: the shell says so, and the address is kept for later.
  return (await auth.load()) === undefined || auth.isAdmin() ? true : router.parseUrl('/');
};
