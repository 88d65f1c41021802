import type { InboxItem, SessionCommand } from '@pizzapi/protocol';

/** The command that a text begins with, if it is one of these. */
export function commandIn(text: string, commands: readonly SessionCommand[]): SessionCommand | null {
  const name = /^\/(\S+)/.exec(text)?.[1];
  return commands.find((command) => command.name === name) ?? null;
}

/** A command begins a turn of its own, also when it was said into a running one: in there it would be mere text. */
export function inItsOwnTurn(item: InboxItem, commands: readonly SessionCommand[]): InboxItem {
  const isCommand = item.kind === 'input' && item.deliverAs === 'steer' && commandIn(item.text, commands) !== null;
  return isCommand ? { ...item, deliverAs: 'followUp' } : item;
}
