import { Component, computed, inject, signal } from '@angular/core';
import { LucideKey } from '@lucide/angular';
import { ApiKeysApi } from '../core/api/api-keys-api';
import { type ApiProblem, asProblem } from '../core/api/api-problem';
import { Button } from '../ui/button';
import { Copyable } from '../ui/copyable';
import { ErrorState } from '../ui/error-state';

/** How a machine becomes a runner: the exact lines to paste, with a key made on the spot. */
@Component({
  selector: 'pz-add-runner-panel',
  imports: [Button, Copyable, ErrorState, LucideKey],
  template: `
    <section class="pz-card" aria-label="Add a runner">
      <div class="pz-card-head"><h2>Add a runner</h2></div>
      <ol class="pz-card-body">
        <li>
          <p>
            On the machine, get PizzaPi: clone its repository and run
            <code>npm ci &amp;&amp; npm run build runner</code> there.
          </p>
        </li>
        <li>
          <p>Tell it where the relay is and who you are.</p>
          @if (key(); as value) {
            <pz-copyable class="block" label="the environment lines" [text]="lines()" />
            <p class="faint">This key is shown only once. It can be revoked under Settings, API keys.</p>
          } @else {
            <div class="make">
              <button pzButton type="button" [isBusy]="isBusy()" (click)="makeKey()">
                <svg lucideKey></svg>Create a key
              </button>
              <span class="faint">and show the two lines to paste</span>
            </div>
            @if (problem(); as cause) {
              <pz-error-state heading="No key was created" [cause]="cause.message" (retry)="makeKey()" />
            }
          }
        </li>
        <li>
          <p>Start it there. It connects outward, so no port needs to be open, and it appears here by itself.</p>
          <pz-copyable class="block" label="the start command" text="npm run runner" />
        </li>
      </ol>
    </section>
  `,
  styles: `
    ol {
      display: grid;
      gap: 14px;
      counter-reset: step;
    }
    li {
      position: relative;
      display: grid;
      gap: 6px;
      padding-left: 32px;
      counter-increment: step;
    }
    li::before {
      content: counter(step);
      position: absolute;
      left: 0;
      width: 1.25rem;
      border-radius: 50%;
      background: var(--raised);
      box-shadow: inset 0 0 0 1px var(--border);
      color: var(--muted);
      text-align: center;
      font-size: 0.6875rem;
    }
    code {
      padding: 1px 4px;
      border-radius: 4px;
      background: var(--raised);
    }
    .make {
      display: flex;
      align-items: center;
      gap: 10px;
    }
  `,
})
export class AddRunnerPanel {
  private readonly api = inject(ApiKeysApi);
  protected readonly key = signal<string | null>(null);
  protected readonly isBusy = signal(false);
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly lines = computed(
    () => `export PIZZAPI_RELAY_URL=${location.origin}\nexport PIZZAPI_API_KEY=${this.key() ?? ''}`,
  );

  protected async makeKey(): Promise<void> {
    this.isBusy.set(true);
    this.problem.set(null);
    try {
      const made = await this.api.create({ name: 'Runner' });
      this.key.set(made.key);
    } catch (error) {
      this.problem.set(asProblem(error));
    } finally {
      this.isBusy.set(false);
    }
  }
}
