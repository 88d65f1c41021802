/**
 * After a failed submit the first refused field takes the focus: on a long form it may be far from the
 * button, and nothing would seem to happen. The relay's refusals count too, until the person types on.
 */
export function focusRefused(page: GlobalEventHandlers = document): void {
  let stop = (): void => undefined;
  page.addEventListener('submit', ({ target }) => {
    stop();
    if (target instanceof HTMLFormElement) stop = waitForRefusal(target);
  });
}

function waitForRefusal(form: HTMLFormElement): () => void {
  const observer = new MutationObserver(() => focusFirst());
  const stop = (): void => {
    observer.disconnect();
    clearTimeout(again);
    form.removeEventListener('input', stop);
  };
  const focusFirst = (): void => {
    const field = form.querySelector<HTMLElement>('[aria-invalid=true]');
    if (field === null) return;
    stop();
    field.focus();
  };
  observer.observe(form, { attributeFilter: ['aria-invalid'], subtree: true });
  form.addEventListener('input', stop);
  // A field that was refused before and is refused again changes no signal.
  const again = setTimeout(focusFirst);
  return stop;
}
