import { Component, computed, input } from '@angular/core';

export interface DonutPart {
  value: number;
  /** A CSS colour, as a token: `var(--accent)`. */
  colour: string;
}

const RADIUS = 14;
const LENGTH = 2 * Math.PI * RADIUS;

/** Shares of a whole as a ring; `label` says the numbers. */
@Component({
  selector: 'pz-donut',
  template: `
    <svg viewBox="0 0 36 36" role="img" [attr.width]="size()" [attr.height]="size()" [attr.aria-label]="label()">
      <circle cx="18" cy="18" [attr.r]="radius" stroke="var(--border)" />
      @for (arc of arcs(); track $index) {
        <circle
          cx="18"
          cy="18"
          [attr.r]="radius"
          [style.stroke]="arc.colour"
          [attr.stroke-dasharray]="arc.dash"
          [attr.stroke-dashoffset]="arc.offset"
        />
      }
    </svg>
  `,
  styles: `
    :host {
      display: inline-flex;
    }
    svg {
      transform: rotate(-90deg);
    }
    circle {
      fill: none;
      stroke-width: 7;
      transition:
        stroke-dasharray var(--slow) var(--ease),
        stroke-dashoffset var(--slow) var(--ease);
    }
  `,
})
export class Donut {
  readonly parts = input.required<readonly DonutPart[]>();
  readonly total = input.required<number>();
  readonly label = input.required<string>();
  readonly size = input(16);
  protected readonly radius = RADIUS;
  protected readonly arcs = computed(() => {
    const total = Math.max(this.total(), 1);
    let start = 0;
    return this.parts().map(({ value, colour }) => {
      const share = Math.min(value / total, 1 - start);
      const arc = { colour, dash: `${share * LENGTH} ${LENGTH}`, offset: -start * LENGTH };
      start += share;
      return arc;
    });
  });
}
