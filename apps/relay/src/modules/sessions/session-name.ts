const MAX_LENGTH = 80;

/** What a session is called until somebody, or its agent, finds a better name: how its prompt begins. */
export function nameFrom(prompt: string | undefined): string {
  const line =
    prompt
      ?.split('\n')
      .map((text) => text.trim())
      .find((text) => text !== '') ?? '';
  if (line === '') return 'New session';
  const letters = [...line];
  return letters.length <= MAX_LENGTH
    ? line
    : `${letters
        .slice(0, MAX_LENGTH - 1)
        .join('')
        .trimEnd()}…`;
}
