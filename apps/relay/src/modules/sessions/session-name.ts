const MAX_LENGTH = 80;

/** The beginning of the prompt, which a session is called by until a person or its agent finds a better name. */
export function nameFrom(prompt: string | undefined): string {
  const line =
    prompt
      ?.split('\n')
      .map((text) => text.trim())
      .find((text) => text !== '') ?? '';
  return line === '' ? 'New session' : shortened(line, MAX_LENGTH);
}

/** The name of a fork: `Name (fork)`, and of a fork of that `Name (fork 2)`. */
export function forkName(name: string): string {
  const [, base = name, number] = /^(.*) \(fork(?: (\d{1,6}))?\)$/s.exec(name) ?? [];
  const ending = base === name ? ' (fork)' : ` (fork ${Number(number ?? 1) + 1})`;
  return shortened(base, MAX_LENGTH - ending.length) + ending;
}

/** Cuts between code points, not within them. */
function shortened(text: string, length: number): string {
  const letters = [...text];
  if (letters.length <= length) return text;
  return `${letters
    .slice(0, length - 1)
    .join('')
    .trimEnd()}…`;
}
