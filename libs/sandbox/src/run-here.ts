import { SandboxFileError } from './errors.js';
import { startCommand } from './helper/command.js';
import type { RunOrder } from './link/requests.js';
import type { CommandEnd, CommandListener } from './launch/helper-calls.js';

const UNHELD = { hold: () => () => undefined, isFull: false };

/**
 * Runs a program as the sandbox would, in this process's own place: for sessions whose tools run without a wall.
 * @throws SandboxFileError when the program or the folder is missing
 */
export async function runHere(
  order: Omit<RunOrder, 'op'>,
  { onOutput, signal }: CommandListener,
  input: Uint8Array = new Uint8Array(),
): Promise<CommandEnd> {
  signal?.throwIfAborted();
  const command = startCommand({ op: 'run', ...order }, input, onOutput, UNHELD);
  const onAbort = (): void => command.end('cancel');
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const ended = await command.ended;
    if (ended.type === 'failed') throw new SandboxFileError(ended.code, ended.message);
    const { type: _type, ...end } = ended;
    return end;
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}
