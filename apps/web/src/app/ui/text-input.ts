import { Directive, computed, inject } from '@angular/core';
import { FormRow } from './form-row';

/**
 * The look of a text field, styled in `styles/controls.css` because a directive has no styles of its own. In a form row
 * it is what the row's label names and its note describes.
 */
@Directive({
  selector: 'input[pzInput], textarea[pzInput], select[pzInput]',
  host: {
    class: 'pz-input',
    '[attr.id]': 'row?.controlId',
    '[attr.aria-describedby]': 'row?.noteId',
    '[attr.aria-invalid]': 'isInvalid() || null',
  },
})
export class TextInput {
  protected readonly row = inject(FormRow, { optional: true });
  protected readonly isInvalid = computed(() => this.row?.error() !== undefined);
}
