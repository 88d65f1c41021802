const NOTICE = 'ResizeObserver loop completed with undelivered notifications.';

/**
 * The browser says so as an error when rows come to be while sizes are being reported. The virtual list has measured them
 * by then, and the report follows in the next frame: nothing to log, and nothing to hide a real error among.
 */
export function ignoreResizeNotices(): void {
  addEventListener('error', (event) => {
    if (event.message !== NOTICE) return;
    event.stopImmediatePropagation();
    event.preventDefault();
  });
}
