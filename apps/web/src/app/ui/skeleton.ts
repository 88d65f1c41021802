import { Component, computed, input } from '@angular/core';

/** Grey lines in the place of what is loading; appears after 150 ms, so that a quick answer shows none. */
@Component({
  selector: 'pz-skeleton',
  host: { 'aria-hidden': 'true' },
  template: `
    @for (width of widths(); track $index) {
      <span [style.width.%]="width" [style.height.px]="height()"></span>
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: 12px;
      animation: appear 1ms 150ms both;
    }
    span {
      border-radius: 4px;
      background: var(--hover);
      animation: breathe 1.6s ease-in-out infinite;
    }
    @keyframes appear {
      from {
        visibility: hidden;
      }
    }
    @keyframes breathe {
      50% {
        opacity: 0.45;
      }
    }
  `,
})
export class Skeleton {
  readonly lines = input(3);
  readonly height = input(12);
  protected readonly widths = computed(() =>
    Array.from({ length: this.lines() }, (_, line) => 92 - ((line * 37) % 48)),
  );
}
