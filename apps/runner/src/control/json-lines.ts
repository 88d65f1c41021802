import type { Socket } from 'node:net';
import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';

/** Far above any message of ours; a peer that sends more is not one of ours. */
const MAX_LINE_CHARS = 256 * 1024;

/** Calls `onMessage` for every line that fits the schema, and `onMalformed` for every other. */
export function readJsonLines<S extends TSchema>(
  socket: Socket,
  schema: S,
  onMessage: (message: Static<S>) => void,
  onMalformed: () => void,
): void {
  const validator = Compile(schema);
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const value = parse(line);
      if (validator.Check(value)) onMessage(value);
      else onMalformed();
    }
    if (rest.length > MAX_LINE_CHARS) socket.destroy();
  });
}

export function writeJsonLine(socket: Socket, message: object): void {
  if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
