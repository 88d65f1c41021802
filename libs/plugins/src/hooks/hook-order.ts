import type { HookEnd } from './hook-answer.js';

/** A process that is to be started for a hook. */
export interface HookOrder {
  /** A line of shell, or with `args` a program. */
  command: string;
  args: readonly string[] | null;
  /** Of a line of shell: what its `$1`, `$2`, … stand for. Default: nothing. */
  places?: readonly string[];
  env: Record<string, string>;
  input: string;
  timeoutMs: number;
  /** One that prints more is ended. */
  maxBytes: number;
  signal: AbortSignal | undefined;
}

/** Starts a hook's process where the session's tools run. @throws when it cannot be started */
export type StartHook = (order: HookOrder) => Promise<HookEnd>;
