import { readFileSync } from 'node:fs';

/** Tables of sockets, and the state in them of one that is open to all. */
const TABLES = [
  ['/proc/net/tcp', '0A'],
  ['/proc/net/tcp6', '0A'],
  ['/proc/net/udp', '07'],
  ['/proc/net/udp6', '07'],
] as const;

/** Whether anybody listens on this port of the machine. Linux says so; elsewhere nobody is seen. */
export function isListening(port: number): boolean {
  const ending = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return TABLES.some(([table, open]) =>
    linesOf(table).some((line) => {
      const [, local = '', , state] = line.trim().split(/\s+/);
      return state === open && local.endsWith(ending);
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
