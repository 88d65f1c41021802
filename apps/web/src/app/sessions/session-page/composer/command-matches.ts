import type { SessionCommand } from '@pizzapi/protocol';

const MAX_SHOWN = 50;

/** What was typed of a command's name, as long as nothing else was typed and the caret is still in it; null: no command is being typed. */
export function typedCommand(text: string, caret: number): string | null {
  const typed = /^\/(\S*)$/.exec(text)?.[1];
  return typed !== undefined && caret > 0 ? typed : null;
}

/** Commands for what was typed of a name: those that begin so, then those that have it in their name, then in what they say they do. */
export function matchingCommands(commands: readonly SessionCommand[], typed: string): SessionCommand[] {
  const wanted = typed.toLowerCase();
  const rank = ({ name, description }: SessionCommand): number => {
    const lower = name.toLowerCase();
    // What follows "skill:" or a plugin's name is a beginning as well.
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

/** The name of the command that this text is and that leaves no message, hence takes no files; null: it is a message. */
export function commandWithoutFiles(commands: readonly SessionCommand[], text: string): string | null {
  const name = /^\/(\S+)/.exec(text.trimStart())?.[1];
  return commands.find((command) => command.name === name && command.kind === 'action')?.name ?? null;
}
