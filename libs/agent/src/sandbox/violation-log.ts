import type { SessionManager } from '@earendil-works/pi-coding-agent';
import type { SandboxViolation } from '@pizzapi/protocol';
import { unlessLost } from '../session-file/session-lock.js';
import { ViolationEntry } from './violation-entry.js';

/** What one call may add to the session's file. */
const MAX_PER_CALL = 20;
/** What may be added to it besides, of plugins, servers and what commands left running, each. */
const MAX_BESIDES = 50;
/** A path with all its links may be longer than an entry takes. */
const MAX_TARGET = 4_000;

export type Violation = Pick<SandboxViolation, 'kind' | 'target' | 'rule'>;

/** Writes into the session's file what the sandbox kept from its tools: once each per call. */
export class ViolationLog {
  readonly #manager: SessionManager;
  readonly #ofCall: string | undefined;
  readonly #running = new Map<string, { toolName: string; seen: Set<string> }>();
  readonly #besides = new Map<string, Set<string>>();

  /** @param ofCall the session's call that all of it belongs to, whichever call noted it */
  constructor(manager: SessionManager, ofCall?: string) {
    this.#manager = manager;
    this.#ofCall = ofCall;
  }

  /** Runs a call, to which belongs what is noted meanwhile. */
  async during<T>(toolCallId: string, toolName: string, call: () => Promise<T>): Promise<T> {
    this.#running.set(toolCallId, { toolName, seen: new Set() });
    try {
      return await call();
    } finally {
      this.#running.delete(toolCallId);
    }
  }

  note(toolCallId: string, violation: Violation): void {
    const call = this.#running.get(toolCallId);
    const key = `${violation.kind} ${violation.target}`;
    if (!call || call.seen.has(key) || call.seen.size >= MAX_PER_CALL) return;
    call.seen.add(key);
    this.#write({ ...violation, toolCallId: this.#ofCall ?? toolCallId, toolName: call.toolName });
  }

  /** Of what runs for as long as it likes, or on every occasion: once each, and of many not all. */
  noteBesides(who: string, violation: Violation): void {
    const seen = this.#besides.get(who) ?? new Set();
    this.#besides.set(who, seen);
    const key = `${violation.kind} ${violation.target}`;
    if (seen.has(key) || seen.size >= MAX_BESIDES) return;
    seen.add(key);
    this.#write({ ...violation, toolCallId: null, toolName: who });
  }

  #write(violation: Omit<SandboxViolation, 'role' | 'at'>): void {
    const target = violation.target.slice(0, MAX_TARGET);
    const entry: SandboxViolation = { role: 'sandboxViolation', ...violation, target, at: new Date().toISOString() };
    unlessLost(() => this.#manager.appendCustomEntry(ViolationEntry, entry));
  }
}
