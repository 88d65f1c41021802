import { Component, input } from '@angular/core';

/** What a list says before it holds anything: what this is and the next step (content). Slot `icon`. */
@Component({
  selector: 'pz-empty-state',
  template: `
    <span class="icon"><ng-content select="svg" /></span>
    <h2>{{ heading() }}</h2>
    <p class="muted">{{ text() }}</p>
    <div class="step"><ng-content /></div>
  `,
  styles: `
    :host {
      display: grid;
      justify-items: center;
      gap: 6px;
      padding: 40px 24px;
      text-align: center;
    }
    .icon {
      display: grid;
      place-items: center;
      width: 2.5rem;
      height: 2.5rem;
      margin-bottom: 6px;
      border: 1px solid var(--border);
      border-radius: 10px;
      background: var(--raised);
      color: var(--muted);
    }
    .icon:empty {
      display: none;
    }
    h2 {
      font-size: 0.875rem;
    }
    p {
      max-width: 44ch;
      text-wrap: balance;
    }
    .step {
      display: flex;
      flex-wrap: wrap;
      justify-content: center;
      gap: 8px;
      margin-top: 10px;
    }
    .step:empty {
      display: none;
    }
  `,
})
export class EmptyState {
  readonly heading = input.required<string>();
  readonly text = input.required<string>();
}
