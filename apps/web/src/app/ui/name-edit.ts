import { Component, type ElementRef, afterNextRender, input, output, viewChild } from '@angular/core';

/** A name, edited in place: Enter keeps it, Escape does not. */
@Component({
  selector: 'pz-name-edit',
  template: `
    <input
      #field
      [attr.aria-label]="label()"
      [attr.maxlength]="maxLength()"
      [value]="name()"
      (keydown.enter)="finish(field.value)"
      (keydown.escape)="$event.stopPropagation(); finish(null)"
      (blur)="finish(field.value)"
    />
  `,
  styles: `
    :host {
      flex: 1;
      min-width: 0;
    }
    input {
      width: 100%;
      max-width: 420px;
      padding: 1px 6px;
      border: 1px solid var(--field);
      border-radius: var(--radius-s);
      background: var(--surface);
      font: inherit;
      font-weight: 600;
    }
  `,
})
export class NameEdit {
  readonly label = input.required<string>();
  readonly maxLength = input.required<number>();
  readonly name = input.required<string>();
  /** The new name; null when nothing is to change. */
  readonly done = output<string | null>();
  private readonly field = viewChild.required<ElementRef<HTMLInputElement>>('field');
  private isDone = false;

  constructor() {
    afterNextRender(() => {
      const field = this.field().nativeElement;
      field.focus();
      field.select();
    });
  }

  protected finish(name: string | null): void {
    // Leaving the field blurs it, which would finish a second time.
    if (this.isDone) return;
    this.isDone = true;
    this.done.emit(name?.trim() || null);
  }
}
