import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { holdsFixed, realPath, type Sandbox } from '@pizzapi/sandbox';
import { type Complaint, complaintIn } from './complaints.js';
import { isListening } from './listening-ports.js';
import { isOutside } from './outside-processes.js';
import { ruleAgainst } from './sandbox-refusal.js';
import type { Violation } from './violation-log.js';

/** A line that is longer is data. */
const MAX_LINE = 2_000;

const OF_PROCESS = /^\/proc\/(\d+)(?:\/|$)/;
/** Of one command's complaints about processes, those that are looked into. */
const MAX_PROCESSES = 20;

/** What of the sandbox is asked. */
export type Asked = Pick<Sandbox, 'policy' | 'readFile'>;

/**
 * Reads from a command's output what the sandbox kept from it: of what is not a write the system tells nobody but the program itself. What a program
 * does not complain of is not seen here; it was refused all the same.
 */
export class OutputEvidence {
  readonly #sandbox: Asked;
  readonly #cwd: string;
  readonly #onViolation: (violation: Violation) => void;
  #rest = '';
  readonly #ofProcesses = new Map<string, { pid: number; violation: Violation }>();

  constructor(sandbox: Asked, cwd: string, onViolation: (violation: Violation) => void) {
    this.#sandbox = sandbox;
    this.#cwd = cwd;
    this.#onViolation = onViolation;
  }

  push(chunk: Buffer): void {
    const lines = (this.#rest + chunk.toString()).split('\n');
    this.#rest = (lines.pop() ?? '').slice(0, MAX_LINE);
    for (const line of lines) this.#look(line);
  }

  /** The command has ended. */
  async end(): Promise<void> {
    this.#look(this.#rest);
    const found = [...this.#ofProcesses.values()];
    if (found.length === 0) return;
    const outside = await isOutside(this.#sandbox);
    for (const { pid, violation } of found) if (outside(pid)) this.#onViolation(violation);
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
      case 'process': {
        const { pid } = complaint;
        this.#suspect(pid, { kind: 'write', target: `process ${pid}`, rule: 'processes' });
        return null;
      }
    }
  }

  /** It may have been one of its own that has ended: that is known when the command has. */
  #suspect(pid: number, violation: Violation): void {
    if (this.#ofProcesses.size < MAX_PROCESSES) this.#ofProcesses.set(violation.target, { pid, violation });
  }

  get #isOffline(): boolean {
    return this.#sandbox.policy.mode === 'full';
  }

  #judgeFile({ path, isOfWriting }: Extract<Complaint, { about: 'file' }>): Violation | null {
    const target = resolve(this.#cwd, path.startsWith('~/') ? homedir() + path.slice(1) : path);
    const [, pid] = OF_PROCESS.exec(target) ?? [];
    if (pid !== undefined) {
      this.#suspect(Number(pid), { kind: 'read', target, rule: 'processes' });
      return null;
    }
    const readRule = ruleAgainst(this.#sandbox, 'read', target);
    if (readRule !== null) return { kind: 'read', target, rule: readRule };
    if (!isOfWriting) return null;
    const isHolder = holdsFixed(this.#sandbox.policy, realPath(target));
    const rule = ruleAgainst(this.#sandbox, 'write', target) ?? (isHolder ? 'fixed' : null);
    return rule && { kind: 'write', target, rule };
  }
}

function refused(target: string): Violation {
  return { kind: 'connect', target, rule: 'allowedDomains' };
}
