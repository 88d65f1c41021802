import { Component, computed, input } from '@angular/core';

export interface DonutPart {
  value: number;
  /** A CSS colour, as a token: `var(--accent)`. */
  colour: string;
}

const RADIUS = 14;
/** A smaller share would be invisible, and read as “nothing”. */
const MIN_FILLED = 0.06;
const LENGTH = 2 * Math.PI * RADIUS;

/** Shares of a whole as a ring; `label` says the numbers. */
@Component({
  selector: 'pz-donut',
  template: `
    <svg viewBox="0 0 36 36" role="img" [attr.width]="length()" [attr.height]="length()" [attr.aria-label]="label()">
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
  /** In pixels, where text has its usual size. */
  readonly size = input(16);
  protected readonly length = computed(() => `${this.size() / 16}rem`);
  protected readonly radius = RADIUS;
  protected readonly arcs = computed(() => {
    let start = 0;
    return sharesOf(this.parts(), this.total()).map(({ share, colour }) => {
      const arc = { colour, dash: `${share * LENGTH} ${LENGTH}`, offset: -start * LENGTH };
      start += share;
      return arc;
    });
  });
}

/** Each at least 0, together at most 1: for a negative dash SVG draws the whole ring. */
function sharesOf(parts: readonly DonutPart[], total: number): { share: number; colour: string }[] {
  const values = parts.map(({ value }) => Math.max(0, value));
  const sum = values.reduce((all, value) => all + value, 0);
  const filled = sum === 0 ? 0 : Math.min(1, Math.max(MIN_FILLED, sum / Math.max(total, 1)));
  return parts.map(({ colour }, index) => ({ colour, share: sum === 0 ? 0 : ((values[index] ?? 0) / sum) * filled }));
}
