import { Component, computed, inject, input } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { LucideServer, LucideX, LucideZap } from '@lucide/angular';
import { RunnersStore } from '../runners/runners-store';
import { BackLink } from '../ui/back-link';
import { Button } from '../ui/button';
import { EmptyState } from '../ui/empty-state';
import { DeadLetters } from './dead-letters/dead-letters';
import { FireForm } from './fire/fire-form';

/** Triggers of all runners: fire one, and what could not be delivered. */
@Component({
  selector: 'pz-triggers-page',
  imports: [BackLink, Button, DeadLetters, EmptyState, FireForm, LucideServer, LucideX, LucideZap, RouterLink],
  template: `
    <div class="pz-page">
      <pz-back-link to="/">Sessions</pz-back-link>
      <header class="pz-page-head">
        <h1>Triggers</h1>
        <button
          pzButton
          [variant]="isFiring() ? 'plain' : 'primary'"
          type="button"
          [attr.aria-expanded]="isFiring()"
          (click)="setFiring(!isFiring())"
        >
          @if (isFiring()) {
            <svg lucideX></svg>Close
          } @else {
            <svg lucideZap></svg>Fire a trigger
          }
        </button>
      </header>
      <p class="pz-lead">
        A trigger tells agents that something happened: a build failed, an issue was opened.
        <a [routerLink]="ofRunner('services')">Services</a> on your runners fire triggers, and so can any script with an
        API key. Sessions receive what they subscribe to, in their Triggers tab;
        <a [routerLink]="ofRunner('listeners')">listeners</a> start a new session for each one.
      </p>
      @if (isFiring()) {
        @if (hasNoRunner()) {
          <div class="pz-card">
            <pz-empty-state
              heading="No runners to fire at"
              text="A trigger goes to the sessions and listeners of a runner. Add the first one."
            >
              <svg lucideServer size="1.125rem"></svg>
              <a pzButton variant="primary" routerLink="/runners">Go to runners</a>
            </pz-empty-state>
          </div>
        } @else {
          <pz-fire-form />
        }
      }
      <pz-dead-letters [type]="type()" [session]="session()" [letter]="letter()" />
    </div>
  `,
})
export class TriggersPage {
  /** All of the address. */
  readonly type = input<string>();
  readonly session = input<string>();
  readonly letter = input<string>();
  readonly fire = input<string>();
  private readonly router = inject(Router);
  private readonly runners = inject(RunnersStore);
  protected readonly isFiring = computed(() => this.fire() !== undefined);

  protected readonly hasNoRunner = computed(() => this.runners.isLoaded() && this.runners.byId().size === 0);

  /** Services and listeners are a runner's: of several, the person chooses. */
  protected ofRunner(part: 'services' | 'listeners'): string[] {
    const [only, ...others] = this.runners.runners();
    return only === undefined || others.length > 0 ? ['/runners'] : ['/runners', only.runnerId, part];
  }

  protected setFiring(isFiring: boolean): void {
    void this.router.navigate([], { queryParams: { fire: isFiring ? '' : null }, queryParamsHandling: 'merge' });
  }
}
