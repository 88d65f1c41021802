const UNSEEN = '\u00a0';

/** Screen readers do not repeat a live region whose text stays the same, so a repeated message gets a trailing space. */
export function saidAnew(text: string, before: string | undefined): string {
  return text !== '' && text === before ? text + UNSEEN : text;
}
