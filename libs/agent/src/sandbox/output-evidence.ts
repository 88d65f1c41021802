import { homedir } from 'node:os';
import { resolve } from 'node:path';
import type { Sandbox } from '@pizzapi/sandbox';
import { type Complaint, complaintIn } from './complaints.js';
import { isListening } from './listening-ports.js';
import { ruleAgainst } from './sandbox-refusal.js';
import type { Violation } from './violation-log.js';

/** A line that is longer is data. */
const MAX_LINE = 2_000;

/**
 * Reads from a command's output what the sandbox kept from it: the system tells nobody but the program itself. What a program does
 * not complain of is not seen here; it was refused all the same.
 */
export class OutputEvidence {
  readonly #sandbox: Pick<Sandbox, 'policy'>;
  readonly #cwd: string;
  readonly #onViolation: (violation: Violation) => void;
  #rest = '';

  constructor(sandbox: Pick<Sandbox, 'policy'>, cwd: string, onViolation: (violation: Violation) => void) {
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
    const complaint = line.length > MAX_LINE ? null : complaintIn(line);
    const violation = complaint && this.#judge(complaint);
    if (violation) this.#onViolation(violation);
  }

  #judge(complaint: Complaint): Violation | null {
    switch (complaint.about) {
      case 'file':
        return this.#judgeFile(complaint);
      case 'socket':
        return { kind: 'connect', target: complaint.path, rule: 'sockets' };
      case 'port': {
        // What nobody listens on could not be reached without a sandbox either.
        const { host, port } = complaint;
        return this.#isOffline && isListening(port) ? refused(`${host}:${port}`) : null;
      }
      case 'host':
        return this.#isOffline ? refused(complaint.host ?? 'past the proxy') : null;
    }
  }

  get #isOffline(): boolean {
    return this.#sandbox.policy.mode === 'full';
  }

  #judgeFile({ path, isOfWriting }: Extract<Complaint, { about: 'file' }>): Violation | null {
    const target = resolve(this.#cwd, path.startsWith('~/') ? homedir() + path.slice(1) : path);
    const readRule = ruleAgainst(this.#sandbox, 'read', target);
    if (readRule !== null) return { kind: 'read', target, rule: readRule };
    const rule = isOfWriting ? ruleAgainst(this.#sandbox, 'write', target) : null;
    return rule && { kind: 'write', target, rule };
  }
}

function refused(target: string): Violation {
  return { kind: 'connect', target, rule: 'allowedDomains' };
}
