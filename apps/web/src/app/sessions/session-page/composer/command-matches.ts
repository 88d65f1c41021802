import type { SessionCommand } from '@pizzapi/protocol';

const MAX_SHOWN = 50;

/** The typed part of a command's name, while there is nothing else and the caret is in it; null if no command is being typed. */
export function typedCommand(text: string, caret: number): string | null {
  const typed = /^\/(\S*)$/.exec(text)?.[1];
  return typed !== undefined && caret > 0 ? typed : null;
}

/** Commands that match a typed name: by the beginning of their name, then by any part of it, then by their description. */
export function matchingCommands(commands: readonly SessionCommand[], typed: string): SessionCommand[] {
  const wanted = typed.toLowerCase();
  const rank = ({ name, description }: SessionCommand): number => {
    const lower = name.toLowerCase();
    // What follows "skill:" or a plugin's name counts as a beginning too.
    if (lower.startsWith(wanted) || lower.split(':').some((part) => part.startsWith(wanted))) return 0;
    if (lower.includes(wanted)) return 1;
    return description.toLowerCase().includes(wanted) ? 2 : 3;
  };
  return commands
    .map((command) => ({ command, rank: rank(command) }))
    .filter((each) => each.rank < 3)
    .sort((one, other) => one.rank - other.rank)
    .slice(0, MAX_SHOWN)
    .map(({ command }) => command);
}

/** The name of the command in a text, if it leaves no message and hence takes no files; null if the text is a message. */
export function commandWithoutFiles(commands: readonly SessionCommand[], text: string): string | null {
  const name = /^\/(\S+)/.exec(text.trimStart())?.[1];
  return commands.find((command) => command.name === name && command.kind === 'action')?.name ?? null;
}
