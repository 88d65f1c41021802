import { Component, input } from '@angular/core';

/** Short facts in a row, separated by dots; where the row wraps, no dot is left at the edge of a line. */
@Component({
  selector: 'pz-fact-line',
  template: `<span class="line">
    @for (fact of facts(); track fact) {
      <span>{{ fact }}</span>
    }
  </span>`,
  styles: `
    :host {
      display: block;
      overflow: hidden;
      color: var(--faint);
      font-size: 0.75rem;
    }
    /* The dot of whatever begins a line lies outside of what is shown. */
    .line {
      display: flex;
      flex-wrap: wrap;
      margin-inline-start: -1.5em;
    }
    .line > span {
      position: relative;
      min-width: 0;
      padding-inline-start: 1.5em;
      overflow-wrap: anywhere;
    }
    .line > span::before {
      content: '·';
      position: absolute;
      inset-inline-start: 0;
      width: 1.5em;
      text-align: center;
    }
  `,
})
export class FactLine {
  readonly facts = input.required<readonly string[]>();
}
