import { Component, inject } from '@angular/core';
import { LucideLogOut } from '@lucide/angular';
import { Auth } from '../core/auth/auth';
import { StandingCommands } from '../shell/standing-commands';
import { Avatar } from '../ui/avatar';
import { Badge } from '../ui/badge';
import { Button } from '../ui/button';
import { Copyable } from '../ui/copyable';

/** Who is signed in, and the way out. */
@Component({
  selector: 'pz-profile-page',
  imports: [Avatar, Badge, Button, Copyable, LucideLogOut],
  template: `
    <div class="pz-page">
      <header class="pz-page-head"><h1>Profile</h1></header>
      @if (auth.me(); as me) {
        <section class="pz-card" aria-label="You">
          <div class="who">
            <pz-avatar [name]="me.user.name" [size]="44" />
            <div>
              <h2>{{ me.user.name }}</h2>
              <p class="muted">{{ me.user.email }}</p>
            </div>
            <button pzButton type="button" (click)="commands.logout()"><svg lucideLogOut></svg>Sign out</button>
          </div>
          <dl>
            <div>
              <dt>Organisation</dt>
              <dd>{{ me.organisation.name }}</dd>
            </div>
            <div>
              <dt>Role</dt>
              <dd>
                <pz-badge>{{ me.organisation.role }}</pz-badge>
              </dd>
            </div>
            <div>
              <dt>User id</dt>
              <dd class="id"><pz-copyable label="your user id" [text]="me.user.id" /></dd>
            </div>
          </dl>
        </section>
      }
    </div>
  `,
  styles: `
    .who {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 14px;
      padding: 16px;
    }
    .who > div {
      flex: 1;
      min-width: min(180px, 100%);
    }
    dl > div {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 0 16px;
      min-height: 42px;
      padding: 6px 16px;
      border-top: 1px solid var(--border-soft);
    }
    dt {
      flex: none;
      width: 7.5rem;
      color: var(--muted);
    }
    dd {
      margin: 0;
      min-width: 0;
    }
    .id {
      margin-left: -7px;
    }
  `,
})
export class ProfilePage {
  protected readonly auth = inject(Auth);
  protected readonly commands = inject(StandingCommands);
}
