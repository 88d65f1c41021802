import { Directive, ElementRef, inject, output, signal } from '@angular/core';

/** Files dropped on an element. Every drop is handled, wanted or not: the browser would otherwise open the file in place of the page. */
@Directive({
  selector: '[pzFileDrop]',
  exportAs: 'pzFileDrop',
  host: {
    '(dragenter)': 'drag($event)',
    '(dragover)': 'drag($event)',
    '(dragleave)': 'leave($event)',
    '(drop)': 'drop($event)',
  },
})
export class FileDrop {
  readonly dropped = output<readonly File[]>();
  private readonly element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly over = signal(false);
  /** Files are above it just now. */
  readonly isOver = this.over.asReadonly();

  protected drag(event: DragEvent): void {
    if (!this.isMeant(event)) return;
    event.preventDefault();
    this.over.set(true);
  }

  /** Moving onto a child element is not leaving. */
  protected leave({ relatedTarget }: DragEvent): void {
    if (!(relatedTarget instanceof Node && this.element.contains(relatedTarget))) this.over.set(false);
  }

  protected drop(event: DragEvent): void {
    if (!this.isMeant(event)) return;
    event.preventDefault();
    this.over.set(false);
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length > 0) this.dropped.emit(files);
  }

  /** Drops on a dialog above this element belong to the dialog. */
  private isMeant(event: DragEvent): boolean {
    if (event.defaultPrevented || !bringsFiles(event)) return false;
    const dialog = event.target instanceof Element ? event.target.closest('dialog') : null;
    return dialog === null || dialog.contains(this.element);
  }
}

/** Whether files are dragged, not a text or link of a page. */
export function bringsFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes('Files') === true;
}
