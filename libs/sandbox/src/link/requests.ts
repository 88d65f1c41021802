/** What the worker asks of the helper. An `id` names the request in its answers; `cancel` gets none of its own. */
export type HelperRequest = { id: number } & HelperOrder;

export type HelperOrder =
  | ExecOrder
  | RunOrder
  | ServeOrder
  | { op: 'cancel' }
  /** More of what a served program reads: the frame's body. No answer of its own. */
  | { op: 'input' }
  /** At most `limit` bytes from the beginning; null for the whole file. */
  | { op: 'read-file'; path: string; limit: number | null }
  /** With the content as the frame's body. */
  | { op: 'write-file'; path: string }
  | { op: 'make-folder'; path: string }
  | { op: 'access'; path: string; want: 'read' | 'write' | 'exist' }
  | { op: 'stat'; path: string }
  | { op: 'list-folder'; path: string };

/** A line of shell; what it prints is told as it comes. */
export interface ExecOrder {
  op: 'exec';
  shell: string;
  args: string[];
  cwd: string;
  /** Besides the helper's own environment. */
  env: Record<string, string>;
  timeoutMs: number | null;
}

/** A program whose output is wanted as a whole; one that prints more than `limit` bytes is ended. It reads the frame's body. */
export interface RunOrder {
  op: 'run';
  program: string;
  args: string[];
  cwd: string;
  limit: number;
  /** Besides the helper's own environment. */
  env?: Record<string, string>;
  timeoutMs?: number | null;
}

/** A program that is spoken with for as long as it runs: what it prints is told as it comes, what it reads comes by `input`. */
export interface ServeOrder {
  op: 'serve';
  program: string;
  args: string[];
  cwd: string;
  /** Besides the helper's own environment. */
  env: Record<string, string>;
}

/** @throws when it is none: only the worker's library speaks here, so that is a mistake of ours. */
export function parseRequest(header: unknown): HelperRequest {
  const fields = isRecord(header) ? header : {};
  const id = numberOf(fields, 'id');
  switch (fields['op']) {
    case 'exec':
      return { id, op: 'exec', ...execOf(fields) };
    case 'run':
      return { id, op: 'run', ...runOf(fields) };
    case 'serve': {
      const { program, cwd } = { program: stringOf(fields, 'program'), cwd: stringOf(fields, 'cwd') };
      return { id, op: 'serve', program, cwd, args: stringsOf(fields, 'args'), env: envOf(fields) };
    }
    case 'cancel':
    case 'input':
      return { id, op: fields['op'] };
    case 'read-file':
      return { id, op: 'read-file', path: stringOf(fields, 'path'), limit: limitOf(fields) };
    case 'write-file':
    case 'make-folder':
    case 'stat':
    case 'list-folder':
      return { id, op: fields['op'], path: stringOf(fields, 'path') };
    case 'access':
      return { id, op: 'access', path: stringOf(fields, 'path'), want: wantOf(fields['want']) };
    default:
      throw new Error('the helper does not know what it is asked');
  }
}

type Fields = Record<string, unknown>;

function runOf(fields: Fields): Omit<RunOrder, 'op'> {
  return {
    program: stringOf(fields, 'program'),
    args: stringsOf(fields, 'args'),
    cwd: stringOf(fields, 'cwd'),
    limit: numberOf(fields, 'limit'),
    env: envOf(fields),
    timeoutMs: typeof fields['timeoutMs'] === 'number' ? fields['timeoutMs'] : null,
  };
}

function execOf(fields: Fields): Omit<ExecOrder, 'op'> {
  return {
    shell: stringOf(fields, 'shell'),
    args: stringsOf(fields, 'args'),
    cwd: stringOf(fields, 'cwd'),
    env: envOf(fields),
    timeoutMs: fields['timeoutMs'] === null ? null : numberOf(fields, 'timeoutMs'),
  };
}

function envOf(fields: Fields): Record<string, string> {
  const env = isRecord(fields['env']) ? fields['env'] : {};
  return Object.fromEntries(Object.keys(env).map((name) => [name, stringOf(env, name)]));
}

function wantOf(value: unknown): 'read' | 'write' | 'exist' {
  if (value === 'read' || value === 'write' || value === 'exist') return value;
  throw new Error('want is none of read, write, exist');
}

function limitOf(fields: Fields): number | null {
  return fields['limit'] === null ? null : numberOf(fields, 'limit');
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function numberOf(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value === 'number') return value;
  throw new Error(`${name} is no number`);
}

function stringOf(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value === 'string') return value;
  throw new Error(`${name} is no text`);
}

function stringsOf(fields: Fields, name: string): string[] {
  const value = fields[name];
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw new Error(`${name} is no list of texts`);
}
