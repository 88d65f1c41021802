import type { IncomingMessage } from 'node:http';

/** Header lines in their order, repetitions included; names in lower case. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

/** Between the two ends of one HTTP/1.1 connection; each connection has its own. `Host` becomes `:authority`. */
const PER_CONNECTION: ReadonlySet<string> = new Set([
  'connection',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
]);

/** Pairs of Node's flat `rawHeaders`. */
export function headerList(raw: readonly string[]): [name: string, value: string][] {
  const list: [string, string][] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) list.push([String(raw[at]).toLowerCase(), String(raw[at + 1])]);
  return list;
}

/** What of a message's headers is meant for whoever it is for: without pseudo-headers and those that are a connection's own. */
export function forwardable<T extends HeaderList>(list: T): T[number][] {
  const named = namedByConnection(list);
  return list.filter(([name]) => !name.startsWith(':') && !PER_CONNECTION.has(name) && !named?.has(name));
}

/** The headers of a request as its service should get them, to be changed before they are sent. */
export function headersOf(request: IncomingMessage): [name: string, value: string][] {
  return forwardable(headerList(request.rawHeaders));
}

/** Node's flat form. */
export function flat(list: HeaderList): string[] {
  const raw: string[] = [];
  for (const [name, value] of list) raw.push(name, value);
  return raw;
}

/** The first value of a header. */
export function valueOf(list: HeaderList, name: string): string | undefined {
  return list.find(([found]) => found === name)?.[1];
}

export function hasHeader(list: HeaderList, name: string): boolean {
  return valueOf(list, name) !== undefined;
}

/** A sender may declare further headers as the connection's own. */
function namedByConnection(list: HeaderList): ReadonlySet<string> | null {
  let named: Set<string> | null = null;
  for (const [name, value] of list) {
    if (name !== 'connection') continue;
    named ??= new Set();
    for (const each of value.toLowerCase().split(',')) named.add(each.trim());
  }
  return named;
}
