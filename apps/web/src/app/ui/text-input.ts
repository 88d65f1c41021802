import { Directive } from '@angular/core';

/** The look of a text field; styled in `styles/controls.css` because a directive has no styles of its own. */
@Directive({ selector: 'input[pzInput], textarea[pzInput], select[pzInput]', host: { class: 'pz-input' } })
export class TextInput {}
