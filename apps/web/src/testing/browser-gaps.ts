/** What jsdom lacks and the console uses: modal dialogs, popovers, media queries, sizes. Real browsers are for e2e/. */
HTMLDialogElement.prototype.showModal = function (this: HTMLDialogElement) {
  this.open = true;
};
HTMLDialogElement.prototype.close = function (this: HTMLDialogElement) {
  this.open = false;
};

Element.prototype.scrollIntoView = () => undefined;

function togglePopover(element: HTMLElement, newState: 'open' | 'closed'): void {
  element.dispatchEvent(Object.assign(new ToggleEventStub('toggle'), { newState }));
}
class ToggleEventStub extends Event {
  readonly newState = '';
}
Object.assign(globalThis, { ToggleEvent: globalThis.ToggleEvent ?? ToggleEventStub });
HTMLElement.prototype.showPopover = function (this: HTMLElement) {
  togglePopover(this, 'open');
};
HTMLElement.prototype.hidePopover = function (this: HTMLElement) {
  togglePopover(this, 'closed');
};

const matchMediaStub = (media: string): Partial<MediaQueryList> => ({
  media,
  matches: false,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
});
class ResizeObserverStub {
  observe(): void {
    // Sizes never change here.
  }
  unobserve(): void {
    // Nothing was observed.
  }
  disconnect(): void {
    // Nothing was observed.
  }
}
Object.assign(globalThis, {
  matchMedia: globalThis.matchMedia ?? matchMediaStub,
  ResizeObserver: globalThis.ResizeObserver ?? ResizeObserverStub,
});
// A window's worth of room, so that virtual lists show rows.
Object.defineProperty(HTMLElement.prototype, 'offsetHeight', { get: () => 900 });
Object.defineProperty(HTMLElement.prototype, 'offsetWidth', { get: () => 300 });
