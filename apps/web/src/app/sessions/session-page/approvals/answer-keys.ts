/** The letter or digit pressed on a card; null if it is typed into a field, repeated by holding it, or has a modifier. */
export function answerKey(event: KeyboardEvent): string | null {
  if (event.defaultPrevented || event.repeat || event.isComposing) return null;
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const { target } = event;
  const isWriting = target instanceof HTMLElement && target.closest('textarea, input:not([type="radio"])') !== null;
  return isWriting || event.key.length !== 1 ? null : event.key.toLowerCase();
}
