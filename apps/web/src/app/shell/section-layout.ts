import { Component, inject, input } from '@angular/core';
import { RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import { LucideArrowLeft, LucideKey, LucideShield, LucideSun, LucideUser, LucideUsers } from '@lucide/angular';
import { Auth } from '../core/auth/auth';
import { BrandMark } from '../ui/brand-mark';
import { HealthBadge } from './health-badge';

export interface SectionLink {
  label: string;
  path: string;
  icon: 'user' | 'users' | 'key' | 'shield' | 'sun';
}

/** Settings and administration: their own short menu in the rail's place, tabs on a phone. */
@Component({
  selector: 'pz-section-layout',
  imports: [
    BrandMark,
    HealthBadge,
    LucideArrowLeft,
    LucideKey,
    LucideShield,
    LucideSun,
    LucideUser,
    LucideUsers,
    RouterLink,
    RouterLinkActive,
    RouterOutlet,
  ],
  template: `
    <nav [attr.aria-label]="heading()">
      <div class="brand">
        <pz-brand-mark /><b class="ell">{{ isOrganisation() ? auth.me()?.organisation?.name : heading() }}</b>
      </div>
      <div class="links">
        @for (link of links(); track link.path) {
          <a [routerLink]="link.path" routerLinkActive="on" ariaCurrentWhenActive="page">
            @switch (link.icon) {
              @case ('user') {
                <svg lucideUser></svg>
              }
              @case ('users') {
                <svg lucideUsers></svg>
              }
              @case ('key') {
                <svg lucideKey></svg>
              }
              @case ('shield') {
                <svg lucideShield></svg>
              }
              @case ('sun') {
                <svg lucideSun></svg>
              }
            }
            {{ link.label }}
          </a>
        }
      </div>
      <a class="back" routerLink="/"><svg lucideArrowLeft></svg>Back to sessions</a>
      <pz-health-badge />
    </nav>
    <main id="main" tabindex="-1"><router-outlet /></main>
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: 220px minmax(0, 1fr);
      height: 100%;
    }
    nav {
      display: flex;
      flex-direction: column;
      gap: 2px;
      padding: 14px 10px;
      border-right: 1px solid var(--border-soft);
      background: var(--surface);
    }
    .brand {
      display: flex;
      align-items: center;
      gap: 8px;
      padding: 0 8px 12px;
    }
    .brand b {
      font-weight: 650;
    }
    .links {
      display: grid;
      gap: 2px;
    }
    nav a {
      display: flex;
      align-items: center;
      gap: 9px;
      min-height: 32px;
      padding: 4px 10px;
      border-radius: 6px;
      color: var(--muted);
      font-weight: 500;
      text-decoration: none;
    }
    nav a:hover {
      background: var(--hover);
      color: var(--text);
    }
    nav a.on {
      background: var(--hover);
      color: var(--text);
      box-shadow: inset 2px 0 0 var(--accent);
    }
    .back {
      margin-top: auto;
    }
    pz-health-badge {
      margin: 8px -10px -10px;
    }
    main {
      min-width: 0;
      overflow: auto;
      outline: none;
    }
    @media (max-width: 759px) {
      :host {
        grid-template-columns: minmax(0, 1fr);
        grid-template-rows: auto minmax(0, 1fr);
      }
      nav {
        flex-flow: row wrap;
        align-items: center;
        padding: 8px 10px 0;
        border-right: 0;
        border-bottom: 1px solid var(--border-soft);
      }
      .brand {
        flex: 1;
        min-width: 0;
        order: 1;
        padding: 0;
        justify-content: flex-end;
      }
      .back {
        margin: 0;
        min-height: 40px;
      }
      /* There it stands below the list of sessions. */
      pz-health-badge {
        display: none;
      }
      .links {
        order: 2;
        display: flex;
        width: 100%;
        overflow-x: auto;
      }
      .links a {
        min-height: 40px;
        border-radius: 0;
        white-space: nowrap;
      }
      nav .links a.on {
        background: none;
        box-shadow: inset 0 -2px 0 var(--accent);
      }
    }
  `,
})
export class SectionLayout {
  readonly heading = input.required<string>();
  readonly links = input.required<readonly SectionLink[]>();
  readonly isOrganisation = input(false);
  protected readonly auth = inject(Auth);
}
