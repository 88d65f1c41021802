import { homedir } from 'node:os';
import { resolve } from 'node:path';
import type { Sandbox } from '@pizzapi/sandbox';
import { ruleAgainst } from './sandbox-refusal.js';
import type { Violation } from './violation-log.js';

/** What programs say of a file that they could not have, in the words of the C library. */
const FILE_COMPLAINT =
  /(?:^|[\s:='"‘`(])((?:~|\.{1,2})?\/?[^\s:'"‘’`()]*)['"’`)]*: (No such file or directory|Permission denied|Read-only file system|Operation not permitted|Device or resource busy)/;
const HOST_COMPLAINT = /Could not resolve host: ([\w.-]+)|getaddrinfo \w+ ([\w.-]+)|Network is unreachable|ENETUNREACH/;
const WRITE_COMPLAINTS = new Set(['Read-only file system', 'Operation not permitted', 'Device or resource busy']);
/** A line that is longer is data. */
const MAX_LINE = 2_000;

/**
 * Reads from a command's output what the sandbox kept from it: the system tells nobody but the program itself. What a program does
 * not complain of is not seen here; it was refused all the same.
 */
export class OutputEvidence {
  readonly #sandbox: Sandbox;
  readonly #cwd: string;
  readonly #onViolation: (violation: Violation) => void;
  #rest = '';

  constructor(sandbox: Sandbox, cwd: string, onViolation: (violation: Violation) => void) {
    this.#sandbox = sandbox;
    this.#cwd = cwd;
    this.#onViolation = onViolation;
  }

  push(chunk: Buffer): void {
    const lines = (this.#rest + chunk.toString()).split('\n');
    this.#rest = (lines.pop() ?? '').slice(0, MAX_LINE);
    for (const line of lines) this.#look(line);
  }

  end(): void {
    this.#look(this.#rest);
  }

  #look(line: string): void {
    if (line.length > MAX_LINE) return;
    const [, path, complaint] = FILE_COMPLAINT.exec(line) ?? [];
    if (path !== undefined && complaint !== undefined) this.#judgeFile(path, complaint);
    else if (this.#sandbox.policy.mode === 'full') this.#judgeHost(line);
  }

  #judgeFile(path: string, complaint: string): void {
    const target = resolve(this.#cwd, path.startsWith('~/') ? homedir() + path.slice(1) : path);
    const readRule = ruleAgainst(this.#sandbox, 'read', target);
    if (readRule !== null) this.#onViolation({ kind: 'read', target, rule: readRule });
    else if (WRITE_COMPLAINTS.has(complaint)) {
      const rule = ruleAgainst(this.#sandbox, 'write', target);
      if (rule !== null) this.#onViolation({ kind: 'write', target, rule });
    }
  }

  #judgeHost(line: string): void {
    const match = HOST_COMPLAINT.exec(line);
    if (!match) return;
    this.#onViolation({ kind: 'connect', target: match[1] ?? match[2] ?? 'past the proxy', rule: 'allowedDomains' });
  }
}
