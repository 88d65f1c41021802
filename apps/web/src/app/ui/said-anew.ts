const UNSEEN = '\u00a0';

/** A live region whose text stays the same is not read out again: what is said twice is told apart by a space. */
export function saidAnew(text: string, before: string | undefined): string {
  return text !== '' && text === before ? text + UNSEEN : text;
}
