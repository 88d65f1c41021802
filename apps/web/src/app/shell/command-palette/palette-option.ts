import type { Highlightable } from '@angular/cdk/a11y';
import { Directive, ElementRef, computed, inject, input, signal } from '@angular/core';
import type { PaletteItem } from './palette-items';

/** A line of the palette's list. The focus stays in the field; the key manager knows which line is active. */
@Directive({
  selector: '[pzPaletteOption]',
  exportAs: 'pzPaletteOption',
  host: {
    role: 'option',
    '[id]': 'id()',
    '[class.active]': 'isActive()',
    '[attr.aria-selected]': 'isActive()',
  },
})
export class PaletteOption implements Highlightable {
  readonly item = input.required<PaletteItem>({ alias: 'pzPaletteOption' });
  readonly id = computed(() => `palette-${this.item().id}`);
  private readonly element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  protected readonly isActive = signal(false);

  setActiveStyles(): void {
    this.isActive.set(true);
  }

  setInactiveStyles(): void {
    this.isActive.set(false);
  }

  show(): void {
    this.element.scrollIntoView({ block: 'nearest' });
  }
}
