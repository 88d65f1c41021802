/** Ctrl+Enter, or Cmd+Enter: sends a form from within any of its fields. */
export function isSendKey(event: KeyboardEvent): boolean {
  return event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.repeat && !event.isComposing;
}
