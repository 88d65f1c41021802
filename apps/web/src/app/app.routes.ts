import type { CanMatchFn, Routes } from '@angular/router';
import { isAdmin, signedIn, signedOut } from './core/auth/guards';
import type { SectionLayout, SectionLink } from './shell/section-layout';

const SETTINGS: SectionLink[] = [
  { label: 'Profile', path: 'profile', icon: 'user' },
  { label: 'API keys', path: 'keys', icon: 'key' },
  { label: 'Appearance', path: 'appearance', icon: 'sun' },
];
const ADMIN: SectionLink[] = [
  { label: 'Members', path: 'members', icon: 'users' },
  { label: 'Policies', path: 'policies', icon: 'shield' },
];

const section = (): Promise<typeof SectionLayout> => import('./shell/section-layout').then((m) => m.SectionLayout);

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
/** `s/:sessionId`, `runners/:runnerId`: with an id that is none there is no such page, and nobody to ask. */
const hasId: CanMatchFn = (_route, [, id]) => UUID.test(id?.path ?? '');

export const routes: Routes = [
  {
    path: 'login',
    title: 'Sign in · PizzaPi',
    canActivate: [signedOut],
    loadComponent: () => import('./account/login-page').then((m) => m.LoginPage),
  },
  {
    path: 'register',
    title: 'Create an account · PizzaPi',
    canActivate: [signedOut],
    loadComponent: () => import('./account/register-page').then((m) => m.RegisterPage),
  },
  {
    path: 'open-tunnel/:label',
    title: 'Opening a tunnel · PizzaPi',
    canActivate: [signedIn],
    loadComponent: () => import('./tunnels/open-tunnel-page').then((m) => m.OpenTunnelPage),
  },
  {
    path: '',
    canActivate: [signedIn],
    loadComponent: () => import('./shell/app-shell').then((m) => m.AppShell),
    children: [
      {
        path: '',
        loadComponent: () => import('./sessions/sessions-layout').then((m) => m.SessionsLayout),
        children: [
          {
            path: '',
            pathMatch: 'full',
            title: 'Sessions · PizzaPi',
            loadComponent: () => import('./sessions/sessions-home').then((m) => m.SessionsHome),
          },
          {
            path: 's/:sessionId',
            canMatch: [hasId],
            title: 'Session · PizzaPi',
            loadComponent: () => import('./sessions/session-page/session-page').then((m) => m.SessionPage),
          },
          {
            path: 'runners',
            title: 'Runners · PizzaPi',
            loadComponent: () => import('./runners/runners-page').then((m) => m.RunnersPage),
          },
          {
            path: 'runners/:runnerId',
            canMatch: [hasId],
            loadComponent: () => import('./runners/runner-page').then((m) => m.RunnerPage),
            children: [
              { path: '', pathMatch: 'full', redirectTo: 'overview' },
              {
                path: 'overview',
                title: 'Runner · PizzaPi',
                loadComponent: () => import('./runners/runner-overview').then((m) => m.RunnerOverview),
              },
              {
                path: 'services',
                title: 'Services · PizzaPi',
                loadComponent: () => import('./runners/services/services-page').then((m) => m.ServicesPage),
              },
              {
                path: 'listeners',
                title: 'Listeners · PizzaPi',
                loadComponent: () => import('./runners/listeners/listeners-page').then((m) => m.ListenersPage),
              },
            ],
          },
          {
            path: 'triggers',
            title: 'Triggers · PizzaPi',
            loadComponent: () => import('./triggers/triggers-page').then((m) => m.TriggersPage),
          },
        ],
      },
      {
        path: 'settings',
        loadComponent: section,
        data: { heading: 'Settings', links: SETTINGS },
        children: [
          { path: '', pathMatch: 'full', redirectTo: 'profile' },
          {
            path: 'profile',
            title: 'Profile · PizzaPi',
            loadComponent: () => import('./settings/profile-page').then((m) => m.ProfilePage),
          },
          {
            path: 'keys',
            title: 'API keys · PizzaPi',
            loadComponent: () => import('./settings/api-keys-page').then((m) => m.ApiKeysPage),
          },
          {
            path: 'appearance',
            title: 'Appearance · PizzaPi',
            loadComponent: () => import('./settings/appearance-page').then((m) => m.AppearancePage),
          },
        ],
      },
      {
        path: 'admin',
        canActivate: [isAdmin],
        loadComponent: section,
        data: { heading: 'Organisation', links: ADMIN, isOrganisation: true },
        children: [
          { path: '', pathMatch: 'full', redirectTo: 'members' },
          {
            path: 'members',
            title: 'Members · PizzaPi',
            loadComponent: () => import('./admin/members-page').then((m) => m.MembersPage),
          },
          {
            path: 'policies',
            title: 'Policies · PizzaPi',
            loadComponent: () => import('./admin/policies/policies-page').then((m) => m.PoliciesPage),
          },
        ],
      },
      {
        path: '**',
        title: 'Not found · PizzaPi',
        loadComponent: () => import('./shell/not-found-page').then((m) => m.NotFoundPage),
      },
    ],
  },
];
