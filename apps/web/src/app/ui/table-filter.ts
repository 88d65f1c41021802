import { Component, computed, input, output } from '@angular/core';
import { LucideSearch } from '@lucide/angular';

/** This many can be taken in at a glance. */
const FEW = 5;

/** Filters a table to the rows that contain what is typed, and says how many there are. */
@Component({
  selector: 'pz-table-filter',
  imports: [LucideSearch],
  host: { '[hidden]': 'isNeedless()' },
  template: `
    <svg lucideSearch></svg>
    <input
      #field
      type="search"
      autocomplete="off"
      spellcheck="false"
      [attr.aria-label]="label()"
      [placeholder]="label() + ' by ' + by()"
      [value]="query() ?? ''"
      (input)="changed.emit(field.value)"
      (keydown.escape)="field.value = ''; changed.emit('')"
    />
    <span class="faint num" aria-live="polite">
      @if (query()) {
        {{ found() }} of {{ hasMore() ? 'the first ' : '' }}{{ all() }}
      }
    </span>
  `,
  styles: `
    :host {
      display: flex;
      align-items: center;
      gap: 8px;
      min-height: 42px;
      padding: 0 16px;
      border-bottom: 1px solid var(--border-soft);
      color: var(--faint);
    }
    :host([hidden]) {
      display: none;
    }
    :host(:focus-within) {
      box-shadow: inset 0 0 0 1px var(--accent);
    }
    svg {
      flex: none;
    }
    input {
      flex: 1;
      min-width: 0;
      padding: 0;
      border: 0;
      outline: 0;
      background: none;
      color: var(--text);
      font: inherit;
    }
    input::placeholder {
      color: var(--faint);
      opacity: 1;
    }
    span {
      font-size: 0.75rem;
      white-space: nowrap;
    }
  `,
})
export class TableFilter {
  readonly label = input.required<string>();
  /** Which text of a row is searched. */
  readonly by = input.required<string>();
  readonly query = input<string>();
  readonly found = input.required<number>();
  readonly all = input.required<number>();
  /** There are more rows than are searched. */
  readonly hasMore = input(false);
  readonly changed = output<string>();
  protected readonly isNeedless = computed(() => !this.query() && this.all() <= FEW);
}
