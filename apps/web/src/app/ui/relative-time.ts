import { Component, computed, input } from '@angular/core';
import { coarseNow } from './clock';
import { exactTime, relativeTime } from './time-text';

/** “12 m”, “Tue”: relative, with the exact time on hover. */
@Component({
  selector: 'pz-relative-time',
  template: `<time [attr.datetime]="iso()" [title]="exact()">{{ text() }}</time>`,
  styles: `
    :host {
      white-space: nowrap;
    }
  `,
})
export class RelativeTime {
  readonly iso = input.required<string>();
  /** `long` reads as a sentence's part: “12 minutes ago”. */
  readonly form = input<'short' | 'long'>('short');
  protected readonly text = computed(() => relativeTime(this.iso(), coarseNow(), this.form()));
  protected readonly exact = computed(() => exactTime(this.iso()));
}
