/** Runs a task soon; returns how to call it off. */
export type Schedule = (task: () => void) => () => void;

/** A hidden tab gets no frames; its state is still updated, less often. */
const HIDDEN_MS = 250;

/** Once per animation frame while the page is seen. */
export const perFrame: Schedule = (task) => {
  if (document.visibilityState === 'hidden') {
    const timer = setTimeout(task, HIDDEN_MS);
    return () => clearTimeout(timer);
  }
  let isDone = false;
  const once = (): void => {
    if (isDone) return;
    isDone = true;
    clearTimeout(timer);
    cancelAnimationFrame(frame);
    task();
  };
  const frame = requestAnimationFrame(once);
  // The tab may be hidden before the frame comes.
  const timer = setTimeout(once, HIDDEN_MS * 2);
  return () => {
    isDone = true;
    clearTimeout(timer);
    cancelAnimationFrame(frame);
  };
};
