import { Component, computed, inject, input } from '@angular/core';
import { Router } from '@angular/router';
import { LucideX, LucideZap } from '@lucide/angular';
import { BackLink } from '../ui/back-link';
import { Button } from '../ui/button';
import { DeadLetters } from './dead-letters/dead-letters';
import { FireForm } from './fire/fire-form';

/** Triggers of all runners: fire one, and what could not be delivered. */
@Component({
  selector: 'pz-triggers-page',
  imports: [BackLink, Button, DeadLetters, FireForm, LucideX, LucideZap],
  template: `
    <div class="pz-page">
      <pz-back-link to="/">Sessions</pz-back-link>
      <header class="pz-page-head">
        <h1>Triggers</h1>
        <button pzButton type="button" [attr.aria-expanded]="isFiring()" (click)="setFiring(!isFiring())">
          @if (isFiring()) {
            <svg lucideX></svg>Close
          } @else {
            <svg lucideZap></svg>Fire a trigger
          }
        </button>
      </header>
      @if (isFiring()) {
        <pz-fire-form />
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
  protected readonly isFiring = computed(() => this.fire() !== undefined);

  protected setFiring(isFiring: boolean): void {
    void this.router.navigate([], { queryParams: { fire: isFiring ? '' : null }, queryParamsHandling: 'merge' });
  }
}
