import { Component, computed, effect, input, signal } from '@angular/core';
import { lucideFile } from './lucide-file';

/**
 * Any icon of Lucide by its name, as services give it: only a few are in the bundle, all are files of the console. Drawn as a mask, so
 * that it has the colour of the text; its room is reserved before it is there.
 */
@Component({
  selector: 'pz-lucide-icon',
  host: {
    'aria-hidden': 'true',
    '[style.--size]': 'size() / 16 + "rem"',
    '[style.mask-image]': 'mask()',
    '[class.drawn]': 'mask()',
  },
  template: ``,
  styles: `
    :host {
      display: inline-block;
      flex: none;
      width: var(--size);
      height: var(--size);
      mask: center / contain no-repeat;
    }
    :host(.drawn) {
      background: currentcolor;
    }
  `,
})
export class LucideIcon {
  readonly name = input.required<string>();
  /** In pixels, where text has its usual size. */
  readonly size = input(14);
  private readonly file = signal<string | null>(null);
  protected readonly mask = computed(() => (this.file() === null ? null : `url("${this.file()}")`));

  constructor() {
    // Fetched by itself, not as a resource: the page must not count as unstable until an icon has come.
    effect((onCleanup) => {
      let isWanted = true;
      onCleanup(() => {
        isWanted = false;
      });
      void lucideFile(this.name()).then((file) => {
        if (isWanted) this.file.set(file);
      });
    });
  }
}
