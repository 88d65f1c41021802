import type { Routes } from '@angular/router';

export const routes: Routes = [
  {
    path: 's/:sessionId',
    loadComponent: () => import('./sessions/session-page/session-page').then((m) => m.SessionPage),
  },
];
