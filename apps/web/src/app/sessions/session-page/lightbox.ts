import { Component, type ElementRef, afterNextRender, input, output, viewChild } from '@angular/core';

/** An image over the whole page; a click or Escape closes it. */
@Component({
  selector: 'pz-lightbox',
  template: `
    <dialog #dialog aria-label="Image" (close)="closed.emit()">
      <button type="button" aria-label="Close" (click)="dialog.close()"><img [src]="source()" alt="" /></button>
    </dialog>
  `,
  styles: `
    dialog {
      margin: auto;
      padding: 0;
      border: 0;
      background: none;
      max-width: 96vw;
      max-height: 96vh;
    }
    button {
      display: block;
      padding: 0;
      border: 0;
      background: none;
      cursor: zoom-out;
    }
    dialog::backdrop {
      background: var(--scrim);
    }
    img {
      display: block;
      max-width: 96vw;
      max-height: 96vh;
      border-radius: var(--radius);
    }
  `,
})
export class Lightbox {
  readonly source = input.required<string>();
  readonly closed = output();
  private readonly dialog = viewChild.required<ElementRef<HTMLDialogElement>>('dialog');

  constructor() {
    afterNextRender(() => this.dialog().nativeElement.showModal());
  }
}
