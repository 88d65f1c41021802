import { Component, input, output } from '@angular/core';
import { Button } from './button';
import { Copyable } from './copyable';

/** What was just made and is shown this once, to be copied now: a key, a link. */
@Component({
  selector: 'pz-made-once',
  imports: [Button, Copyable],
  host: { class: 'pz-card', role: 'status' },
  template: `
    <div class="pz-card-head">
      <h2>{{ heading() }}</h2>
    </div>
    <div class="pz-card-body">
      <pz-copyable class="block" [label]="label()" [text]="text()" />
      <p class="muted">{{ hint() }}</p>
      <button pzButton type="button" (click)="closed.emit()">Done</button>
    </div>
  `,
  styles: `
    :host {
      display: block;
      border-color: color-mix(in srgb, var(--ok) 40%, var(--border));
    }
    .pz-card-body {
      display: grid;
      gap: 10px;
      justify-items: start;
    }
    pz-copyable {
      width: 100%;
    }
  `,
})
export class MadeOnce {
  readonly heading = input.required<string>();
  /** What the text is, for people who copy it without seeing it. */
  readonly label = input.required<string>();
  readonly text = input.required<string>();
  readonly hint = input.required<string>();
  readonly closed = output();
}
