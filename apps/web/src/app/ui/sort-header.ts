import { Component, computed, input, output } from '@angular/core';
import { LucideArrowDown, LucideArrowUp, LucideChevronsUpDown } from '@lucide/angular';

/** The head of a column that sorts: up, down, and as it was. */
@Component({
  selector: 'th[pzSort]',
  imports: [LucideArrowDown, LucideArrowUp, LucideChevronsUpDown],
  host: { scope: 'col', '[attr.aria-sort]': 'direction()' },
  template: `
    <button type="button" (click)="sorted.emit(next())">
      <ng-content />
      @switch (direction()) {
        @case ('ascending') {
          <svg lucideArrowUp size="0.75rem"></svg>
        }
        @case ('descending') {
          <svg lucideArrowDown size="0.75rem"></svg>
        }
        @default {
          <svg lucideChevronsUpDown size="0.75rem"></svg>
        }
      }
    </button>
  `,
  styles: `
    button {
      display: inline-flex;
      align-items: center;
      gap: 3px;
      margin: -3px -5px;
      padding: 3px 5px;
      border: 0;
      border-radius: 4px;
      background: none;
      color: inherit;
      font: inherit;
      white-space: nowrap;
    }
    button:hover,
    :host([aria-sort]) button {
      color: var(--text);
    }
    @media (pointer: coarse) {
      button {
        min-height: 36px;
      }
    }
  `,
})
export class SortHeader {
  readonly column = input.required<string>({ alias: 'pzSort' });
  /** How the table is sorted: a column, with a `-` before it downwards. */
  readonly sort = input<string>();
  readonly sorted = output<string | null>();
  protected readonly direction = computed(() => {
    if (this.sort() === this.column()) return 'ascending';
    return this.sort() === `-${this.column()}` ? 'descending' : null;
  });
  protected readonly next = computed(() => {
    if (this.direction() === null) return this.column();
    return this.direction() === 'ascending' ? `-${this.column()}` : null;
  });
}
