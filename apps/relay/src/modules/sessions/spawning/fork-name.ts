const MAX_LENGTH = 80;

/** What a fork of a session is called until somebody finds a better name: `Name (fork)`, of that `Name (fork 2)`. */
export function forkName(name: string): string {
  const [, base = name, number] = /^(.*) \(fork(?: (\d{1,6}))?\)$/s.exec(name) ?? [];
  const ending = base === name ? ' (fork)' : ` (fork ${Number(number ?? 1) + 1})`;
  const letters = [...base];
  const room = MAX_LENGTH - ending.length;
  const start =
    letters.length <= room
      ? base
      : `${letters
          .slice(0, room - 1)
          .join('')
          .trimEnd()}…`;
  return start + ending;
}
