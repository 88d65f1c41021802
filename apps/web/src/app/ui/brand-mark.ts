import { Component, computed, input } from '@angular/core';

/** The pizza slice. */
@Component({
  selector: 'pz-brand-mark',
  host: { 'aria-hidden': 'true' },
  template: `
    <svg
      [attr.width]="length()"
      [attr.height]="length()"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.75"
      stroke-linecap="round"
      stroke-linejoin="round"
    >
      <path d="m12 14-1 1" />
      <path d="m13.75 18.25-1.25 1.42" />
      <path d="M17.775 5.654a15.68 15.68 0 0 0-12.121 12.12" />
      <path d="M18.8 9.3a1 1 0 0 0 2.1 7.7" />
      <path
        d="M21.964 20.732a1 1 0 0 1-1.232 1.232l-18-5a1 1 0 0 1-.695-1.232A19.68 19.68 0 0 1 15.732 2.037a1 1 0 0 1 1.232.695z"
      />
    </svg>
  `,
  styles: `
    :host {
      display: inline-flex;
      color: var(--brand);
    }
  `,
})
export class BrandMark {
  /** In pixels, where text has its usual size. */
  readonly size = input(18);
  protected readonly length = computed(() => `${this.size() / 16}rem`);
}
