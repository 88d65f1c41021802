/** What a program says of something that it could not have. */
export type Complaint =
  | { about: 'file'; path: string; /** Only writing is refused so. */ isOfWriting: boolean }
  | { about: 'socket'; path: string }
  | { about: 'host'; host: string | null }
  /** A port of this machine. */
  | { about: 'port'; host: string; port: number }
  /** A process that it did not find. */
  | { about: 'process'; pid: number };

const WORDS =
  'No such file or directory|Permission denied|Read-only file system|Operation not permitted|Device or resource busy';
const OF_WRITING = /^(?:Read-only file system|Operation not permitted|Device or resource busy|EROFS|EPERM|EBUSY)$/i;

/** The words are the C library's; where the path stands, each language says in its own way. */
const FILE_FORMS: readonly RegExp[] = [
  // Node: ENOENT: no such file or directory, open '/x'
  /\b(?<words>ENOENT|EACCES|EROFS|EPERM|EBUSY): [a-z -]+, \w+ '(?<path>[^']+)'/,
  // Python: [Errno 2] No such file or directory: '/x'
  new RegExp(String.raw`(?<words>${WORDS}): b?(?<quote>['"])(?<path>.+?)\k<quote>`, 'i'),
  // Ruby: No such file or directory @ rb_sysopen - /x
  new RegExp(String.raw`(?<words>${WORDS}) @ \w+ - (?<path>\S+)`, 'i'),
  // Java: /x (No such file or directory)
  new RegExp(String.raw`(?<path>/\S+) \((?<words>${WORDS})\)`, 'i'),
  /(?<words>NoSuchFile|AccessDenied)Exception: (?<path>\/\S+)/,
  // C, shells, Go, Rust: cat: /x: No such file or directory
  new RegExp(
    String.raw`(?:^|[\s:='"‘` +
      '`' +
      String.raw`(])(?<path>(?:~|\.{1,2})?/?[^\s:'"‘’` +
      '`' +
      String.raw`()]*)['"’` +
      '`' +
      String.raw`)]*: (?<words>${WORDS})`,
    'i',
  ),
];

const SOCKET_FORMS: readonly RegExp[] = [
  /dial unix (?<path>\/[^\s:]+): socket: operation not permitted/i,
  // One without a file begins with a zero byte, here for Node, or an @.
  /connect EPERM (?<path>[/@\0]\S+)/,
];

const REFUSED = /refused|ECONNREFUSED|Failed to connect|Couldn't connect/i;
const LOCAL_PORT = /(?<host>127\.0\.0\.1|localhost|::1)\]?["']?(?::|#|,? port )(?<port>\d{1,5})\b/;

const PROCESS_FORMS: readonly RegExp[] = [
  /\bkill: \((?<pid>\d+)\) - No such process/i,
  /\bkill: (?:sending signal to |kill |can't kill pid )?(?<pid>\d+)(?: failed)?: No such process/i,
  /\bptrace\(\w+, (?<pid>\d+)\b.*: No such process/,
];

const HOST_FORMS: readonly RegExp[] = [
  // dig: ;; UDP setup with 192.0.2.53#53(192.0.2.53) for example.org failed: network unreachable.
  /(?:setup with|communications error to) (?<host>[\w.:-]+#\d+)/,
  /connection timed out; no servers could be reached/,
  /ENETUNREACH (?<host>[\d.]+:\d+)/,
  /\bconnect to host (?<host>[\w.:-]+) port \d+: Network is unreachable/,
  /Failed to connect to (?<host>[\w.-]+) port \d+/,
  /Could not resolve host(?:name)?:? (?<host>[\w.-]+)/i,
  /unable to resolve host address [‘'"`]?(?<host>[\w.-]+)/,
  /Temporary failure resolving '(?<host>[\w.-]+)'/,
  /getaddrinfo \w+ (?<host>[\w.-]+)/,
  /dial tcp: lookup (?<host>[\w.-]+)/,
  /(?:^|\s)(?<host>[\w-]+(?:\.[\w-]+)+): (?:Temporary failure in name resolution|Name or service not known)/,
  /Temporary failure in name resolution|Name or service not known|Network is unreachable|ENETUNREACH/i,
];

/** Reads a line of a program's output. Null: it complains of nothing that is known here. */
export function complaintIn(line: string): Complaint | null {
  return ofSocket(line) ?? ofFile(line) ?? ofProcess(line) ?? ofPort(line) ?? ofHost(line);
}

function ofSocket(line: string): Complaint | null {
  const { path } = groupsIn(SOCKET_FORMS, line) ?? {};
  return path === undefined ? null : { about: 'socket', path: path.replace('\0', '@') };
}

function ofFile(line: string): Complaint | null {
  const { path, words = '' } = groupsIn(FILE_FORMS, line) ?? {};
  return path === undefined ? null : { about: 'file', path, isOfWriting: OF_WRITING.test(words) };
}

function ofProcess(line: string): Complaint | null {
  const { pid } = groupsIn(PROCESS_FORMS, line) ?? {};
  return pid === undefined ? null : { about: 'process', pid: Number(pid) };
}

function ofPort(line: string): Complaint | null {
  const { host, port } = (REFUSED.test(line) && LOCAL_PORT.exec(line)?.groups) || {};
  return host === undefined ? null : { about: 'port', host, port: Number(port) };
}

function ofHost(line: string): Complaint | null {
  const found = HOST_FORMS.map((form) => form.exec(line)).find((match) => match !== null);
  return found ? { about: 'host', host: found.groups?.['host'] ?? null } : null;
}

function groupsIn(forms: readonly RegExp[], line: string): Partial<Record<string, string>> | null {
  return forms.map((form) => form.exec(line)?.groups).find((groups) => groups !== undefined) ?? null;
}
