import { Component, input, output } from '@angular/core';
import { LucidePaperclip } from '@lucide/angular';
import { IconButton } from '../../ui/icon-button';

/** Chooses files from the machine. */
@Component({
  selector: 'pz-attach-button',
  imports: [IconButton, LucidePaperclip],
  template: `
    <input #chooser type="file" multiple hidden (change)="choose(chooser)" />
    <button
      pzIconButton
      type="button"
      label="Attach files"
      hint="Attach files (or paste them, or drop them here)"
      [disabled]="isDisabled()"
      (click)="chooser.click()"
    >
      <svg lucidePaperclip size="0.9375rem"></svg>
    </button>
  `,
})
export class AttachButton {
  readonly isDisabled = input(false);
  readonly chosen = output<readonly File[]>();

  protected choose(chooser: HTMLInputElement): void {
    const files = [...(chooser.files ?? [])];
    // So that the same file can be chosen again.
    chooser.value = '';
    this.chosen.emit(files);
  }
}
