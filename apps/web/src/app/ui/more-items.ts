import { Component, DestroyRef, ElementRef, EnvironmentInjector, inject, input, output } from '@angular/core';
import { Button } from './button';
import { refocusIfLost } from './refocus';

/**
 * Below a list that goes on. With the last page it is gone: the focus, if it was here, goes to the first row of that page,
 * or to the list.
 */
@Component({
  selector: 'pz-more-items',
  imports: [Button],
  template: `<button pzButton variant="ghost" type="button" [isBusy]="isBusy()" (click)="ask()">Show more</button>`,
  styles: `
    :host {
      display: grid;
      justify-items: center;
      padding: 8px;
      border-top: 1px solid var(--border-soft);
    }
  `,
})
export class MoreItems {
  readonly isBusy = input(false);
  /** The list, where it is not the element before this one. */
  readonly list = input<HTMLElement>();
  readonly asked = output();
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  /** The last row when more was asked for from here; null if the focus was elsewhere. */
  private lastRow: Element | null = null;

  constructor() {
    const injector = inject(EnvironmentInjector);
    inject(DestroyRef).onDestroy(() => {
      const { lastRow } = this;
      if (lastRow !== null) refocusIfLost(() => rowAfter(lastRow), injector);
    });
  }

  protected ask(): void {
    this.lastRow = this.host.contains(document.activeElement) ? this.findLastRow() : null;
    this.asked.emit();
  }

  private findLastRow(): Element | null {
    const list = this.list() ?? this.host.previousElementSibling;
    if (list instanceof HTMLTableElement) return list.tBodies[0]?.lastElementChild ?? list;
    return list instanceof HTMLUListElement ? (list.lastElementChild ?? list) : list;
  }
}

/** Rows that have a place for the focus in them, as those of dead letters, take it there. */
function rowAfter(row: Element): HTMLElement | null {
  const next = row.nextElementSibling ?? row.parentElement;
  return next?.querySelector<HTMLElement>(':scope > [tabindex="0"]') ?? (next instanceof HTMLElement ? next : null);
}
