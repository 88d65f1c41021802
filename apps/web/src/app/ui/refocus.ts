import { type Injector, afterNextRender } from '@angular/core';

/**
 * Gives the focus a place if what had it is gone after the next rendering. A browser leaves it on the body then, which
 * takes people who use the keyboard or a screen reader back to the top of the page.
 * @param place what takes it; asked for after the rendering
 */
export function refocusIfLost(place: () => HTMLElement | null, injector: Injector): void {
  const write = (): void => {
    if (document.activeElement === document.body) focusAnyway(place());
  };
  afterNextRender({ write }, { injector });
}

/** Also what takes no focus by itself, like a row: for as long as it has it. */
function focusAnyway(element: HTMLElement | null): void {
  if (element === null || !element.isConnected) return;
  if (element.tabIndex < 0 && !element.hasAttribute('tabindex')) {
    element.tabIndex = -1;
    element.addEventListener('blur', () => element.removeAttribute('tabindex'), { once: true });
  }
  element.focus({ preventScroll: element.clientHeight > innerHeight / 2 });
}
