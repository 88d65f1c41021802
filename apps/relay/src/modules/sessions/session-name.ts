const MAX_LENGTH = 80;

/** What a session is called until somebody, or its agent, finds a better name: how its prompt begins. */
export function nameFrom(prompt: string | undefined): string {
  const line =
    prompt
      ?.split('\n')
      .map((text) => text.trim())
      .find((text) => text !== '') ?? '';
  return line === '' ? 'New session' : shortened(line, MAX_LENGTH);
}

/** The same for a fork of a session: `Name (fork)`, of that `Name (fork 2)`. */
export function forkName(name: string): string {
  const [, base = name, number] = /^(.*) \(fork(?: (\d{1,6}))?\)$/s.exec(name) ?? [];
  const ending = base === name ? ' (fork)' : ` (fork ${Number(number ?? 1) + 1})`;
  return shortened(base, MAX_LENGTH - ending.length) + ending;
}

/** Cut between letters, not within them. */
function shortened(text: string, length: number): string {
  const letters = [...text];
  if (letters.length <= length) return text;
  return `${letters
    .slice(0, length - 1)
    .join('')
    .trimEnd()}…`;
}
