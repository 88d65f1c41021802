import type { SessionManager } from '@earendil-works/pi-coding-agent';
import type { SandboxViolation } from '@pizzapi/protocol';
import { ViolationEntry } from './violation-entry.js';

/** What one call may add to the session's file. */
const MAX_PER_CALL = 20;
/** What plugins may add to it. */
const MAX_OF_PLUGINS = 50;

export type Violation = Pick<SandboxViolation, 'kind' | 'target' | 'rule'>;

/** Writes into the session's file what the sandbox kept from its tools: once each per call. */
export class ViolationLog {
  readonly #manager: SessionManager;
  readonly #ofCall: string | undefined;
  readonly #running = new Map<string, { toolName: string; seen: Set<string> }>();

  readonly #ofPlugins = new Set<string>();

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

  /** The proxy does not know whose connection it was: of several commands at once it may be any. */
  noteOfAnyCommand(violation: Violation): void {
    const commands = [...this.#running].filter(([, { toolName }]) => toolName === 'bash');
    const [only] = commands;
    if (only && commands.length === 1) this.note(only[0], violation);
    else this.#write({ ...violation, toolCallId: null, toolName: 'bash' });
  }

  /** What plugins start runs on every occasion: once each, and of many not all. */
  noteOfPlugin(violation: Violation): void {
    const key = `${violation.kind} ${violation.target}`;
    if (this.#ofPlugins.has(key) || this.#ofPlugins.size >= MAX_OF_PLUGINS) return;
    this.#ofPlugins.add(key);
    this.#write({ ...violation, toolCallId: null, toolName: 'a plugin' });
  }

  #write(violation: Omit<SandboxViolation, 'role' | 'at'>): void {
    const entry: SandboxViolation = { role: 'sandboxViolation', ...violation, at: new Date().toISOString() };
    this.#manager.appendCustomEntry(ViolationEntry, entry);
  }
}
