const NOTICE = 'ResizeObserver loop completed with undelivered notifications.';

/**
 * The browser reports an error when rows are added while resize observers run. The virtual list has measured them
 * by then, and the notification follows in the next frame: logging it would only bury real errors.
 */
export function ignoreResizeNotices(): void {
  addEventListener('error', (event) => {
    if (event.message !== NOTICE) return;
    event.stopImmediatePropagation();
    event.preventDefault();
  });
}
