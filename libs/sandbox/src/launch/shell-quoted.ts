/** Words as a line of shell that means exactly them. */
export function shellQuoted(words: readonly string[]): string {
  return words.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
}
