import type { HookEvent } from './hook-events.js';

/** A command that a plugin wants run when something happens. */
export interface PluginHook {
  event: HookEvent;
  /** As it is written; empty: for all. */
  matcher: string;
  /** Whether it is for something that goes by one of these names. */
  matches: (names: readonly string[]) => boolean;
  /** A rule such as `Bash(git *)` that the call has to fit besides; null: none. */
  condition: string | null;
  /** A line of shell, or with {@link args} a program. */
  command: string;
  args: readonly string[] | null;
  timeoutMs: number;
  /** Nobody waits for it, and its answer is not read. */
  isAsync: boolean;
}

/** Whose hook it is: what it is called when something is said of it, and where its files are. */
export interface HookOwner {
  plugin: string;
  /** The plugin's folder. */
  root: string;
}

export type OwnedHook = PluginHook & HookOwner;
