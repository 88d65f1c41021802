import { Component, computed, input } from '@angular/core';

/** Fixed pairs that keep contrast with the dark letters in both themes. */
const COLOURS = ['#9be3b8', '#f5c27a', '#a9c4ff', '#f2a7c3', '#c9b4f7', '#8fdde0'];

/** A person as a coloured disc with initials. */
@Component({
  selector: 'pz-avatar',
  host: {
    role: 'img',
    '[attr.aria-label]': 'name()',
    '[title]': 'name()',
    '[style.background]': 'colour()',
    '[style.width.rem]': 'size() / 16',
    '[style.height.rem]': 'size() / 16',
    '[style.font-size.rem]': '(size() * 0.42) / 16',
  },
  template: `{{ initials() }}`,
  styles: `
    :host {
      display: inline-grid;
      place-items: center;
      flex: none;
      border-radius: 50%;
      color: #0b0b0c;
      font-weight: 600;
      line-height: 1;
      letter-spacing: -0.02em;
      user-select: none;
    }
  `,
})
export class Avatar {
  readonly name = input.required<string>();
  /** In pixels, where text has its usual size. */
  readonly size = input(22);
  protected readonly initials = computed(() => {
    const words = this.name().trim().split(/\s+/);
    const first = words[0]?.at(0) ?? '?';
    const second = words.length > 1 ? (words.at(-1)?.at(0) ?? '') : (words[0]?.at(1) ?? '');
    return (first + second).toUpperCase();
  });
  protected readonly colour = computed(() => {
    const hash = Array.from(this.name()).reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973, 7);
    return COLOURS[hash % COLOURS.length];
  });
}
