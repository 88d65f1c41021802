import { Service, inject } from '@angular/core';
import { Router } from '@angular/router';
import { Auth } from '../core/auth/auth';
import type { Command } from '../core/commands';
import { Theme } from '../core/theme';
import { Toasts } from '../core/toasts';
import { asProblem } from '../core/api/api-problem';
import { WaitingSessions } from '../sessions/waiting-sessions';
import { NewSessionLauncher } from '../sessions/new-session/new-session-launcher';
import { Overlays } from './overlays';

/** What can be done from every page. */
@Service()
export class StandingCommands {
  private readonly router = inject(Router);
  private readonly overlays = inject(Overlays);
  private readonly launcher = inject(NewSessionLauncher);
  private readonly waiting = inject(WaitingSessions);
  private readonly theme = inject(Theme);
  private readonly auth = inject(Auth);
  private readonly toasts = inject(Toasts);

  commands(): Command[] {
    const page = (label: string, url: string, combo?: string): Command => ({
      id: `page:${url}`,
      label,
      group: 'Pages',
      ...(combo ? { combo } : {}),
      run: () => void this.router.navigateByUrl(url),
    });
    const general = (id: string, label: string, run: () => void, combo?: string): Command => ({
      id,
      label,
      group: 'Actions',
      ...(combo ? { combo } : {}),
      run,
    });
    return [
      { ...general('palette', 'Search or jump', () => this.overlays.show('palette'), 'Mod+K'), isListed: false },
      general('new-session', 'New session', () => this.launcher.open(), 'N'),
      general('waiting', 'Go to what waits for you', () => this.waiting.go(), 'Mod+J'),
      general('fire', 'Fire a trigger', () => void this.router.navigateByUrl('/triggers?fire'), 'G F'),
      general('theme', 'Switch between dark and light', () => this.theme.toggle(), 'G T'),
      general('shortcuts', 'Keyboard shortcuts', () => this.overlays.show('shortcuts'), '?'),
      general('logout', 'Sign out', () => void this.logout()),
      page('Sessions', '/', 'G S'),
      page('Triggers and dead letters', '/triggers', 'G D'),
      page('Runners', '/runners', 'G R'),
      page('Settings: profile', '/settings/profile', 'G P'),
      page('Settings: API keys', '/settings/keys', 'G K'),
      page('Settings: appearance', '/settings/appearance'),
      ...(this.auth.isAdmin()
        ? [page('Organisation: members', '/admin/members', 'G M'), page('Organisation: policies', '/admin/policies')]
        : []),
    ];
  }

  async logout(): Promise<void> {
    try {
      await this.auth.logout();
      // A full page load, so that nothing of this person stays in memory.
      location.assign('/login');
    } catch (error) {
      this.toasts.fail(asProblem(error).message);
    }
  }
}
