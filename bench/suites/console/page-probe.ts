// Functions that run in the page: each stands alone, and sees of the page only what is declared here.

interface Box {
  top: number;
  bottom: number;
  height: number;
}
interface PageElement {
  textContent: string | null;
  getBoundingClientRect(): Box;
  querySelectorAll(selector: string): Iterable<PageElement>;
  click(): void;
}
declare const document: { querySelector(selector: string): PageElement | null };
/** The browser's, which is not quite Node's. */
declare class MessageChannel {
  readonly port1: { onmessage: () => void };
  readonly port2: { postMessage(message: null): void };
}
declare function requestAnimationFrame(task: () => void): number;

export interface Opening {
  link: string;
  words: string;
}

/** Clicks, and resolves with the milliseconds until a row with the words is in the viewport and painted. */
export function timeOpening({ link, words }: Opening): Promise<number> {
  return new Promise((resolve, reject) => {
    const element = document.querySelector(link);
    if (!element) return reject(new Error(`There is no ${link} on the page.`));
    const startedAt = performance.now();
    const look = (): void => {
      const viewport = document.querySelector('[role=log]');
      const box = viewport?.getBoundingClientRect();
      for (const row of viewport?.querySelectorAll('.row') ?? []) {
        const { top, bottom, height } = row.getBoundingClientRect();
        const isVisible =
          box !== undefined && height > 0 && top < box.bottom && bottom <= box.bottom + 1 && bottom > box.top;
        // The frame that shows it is done when the next one begins.
        if (isVisible && row.textContent?.includes(words))
          return void requestAnimationFrame(() => resolve(performance.now() - startedAt));
      }
      if (performance.now() - startedAt > 20_000)
        return reject(new Error('The last message did not come into view within 20 s.'));
      requestAnimationFrame(look);
    };
    element.click();
    look();
  });
}

export interface ScrollTrace {
  frames: number;
  /** Frames in which part of the viewport showed no row where one belongs. */
  lacking: number;
  longestFrameMs: number;
  /** The largest piece of the viewport without a row, in pixels. */
  largestHolePx: number;
}

/** Looks at every frame for a while, after it is laid out: does every part of the viewport show a row? */
export function watchRows(forMs: number): Promise<ScrollTrace> {
  return new Promise((resolve, reject) => {
    const viewport = document.querySelector('[role=log]');
    if (!viewport) return reject(new Error('There is no conversation on the page.'));
    // Between rows and at the ends of the list there is a margin.
    const MARGIN_PX = 24;
    const trace = { frames: 0, lacking: 0, longestFrameMs: 0, largestHolePx: 0 };
    const startedAt = performance.now();
    let lastAt = startedAt;
    const look = (): void => {
      const box = viewport.getBoundingClientRect();
      const rows = [...viewport.querySelectorAll('.row')]
        .map((row) => row.getBoundingClientRect())
        .sort((a, b) => a.top - b.top);
      let covered = box.top;
      let hole = 0;
      for (const { top, bottom, height } of rows) {
        if (height === 0 || bottom < box.top || top > box.bottom) continue;
        hole = Math.max(hole, top - covered);
        covered = Math.max(covered, bottom);
      }
      hole = Math.max(hole, box.bottom - covered);
      if (hole > MARGIN_PX) {
        trace.lacking++;
        trace.largestHolePx = Math.max(trace.largestHolePx, hole);
      }
      trace.frames++;
    };
    const channel = new MessageChannel();
    // A message that is posted in a frame arrives right after that frame was laid out and painted.
    channel.port1.onmessage = look;
    const tick = (): void => {
      const now = performance.now();
      trace.longestFrameMs = Math.max(trace.longestFrameMs, now - lastAt);
      lastAt = now;
      if (now - startedAt > forMs) return resolve(trace);
      channel.port2.postMessage(null);
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
}
