import { readFileSync } from 'node:fs';

const LISTENING = '0A';

/** Whether anybody listens on this port of the machine. Linux says so; elsewhere nobody is seen. */
export function isListening(port: number): boolean {
  const ending = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return ['/proc/net/tcp', '/proc/net/tcp6'].some((table) =>
    linesOf(table).some((line) => {
      const [, local = '', , state] = line.trim().split(/\s+/);
      return state === LISTENING && local.endsWith(ending);
    }),
  );
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return []; // no Linux, or no such protocol
  }
}
