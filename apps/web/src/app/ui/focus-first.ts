import { Directive, ElementRef, afterNextRender, inject } from '@angular/core';

/** Takes the focus when it appears; the attribute `autofocus` works only while a page or a dialog opens. */
@Directive({ selector: '[pzFocusFirst]' })
export class FocusFirst {
  constructor() {
    const element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    afterNextRender({ write: () => element.focus() });
  }
}
