import type { HookEvent } from './hook-events.js';

/** What is done when a hook runs; `docs/plugins.md` says how each answers. */
export type HookWork =
  /** A line of shell, or with `args` a program. */
  | { type: 'command'; command: string; args: readonly string[] | null }
  /** The JSON is posted to an address. In headers `$NAME` and `${NAME}` stand for those variables of the session's tools that `variables` names. */
  | { type: 'http'; url: string; headers: Readonly<Record<string, string>>; variables: readonly string[] }
  /** A model is asked one question. `model`: null for the session's. `continueOnBlock`: its no about a call does not end the turn. */
  | { type: 'prompt'; prompt: string; model: string | null; continueOnBlock: boolean }
  /** A subagent looks, with tools that change nothing but by commands. `model`: null for the session's. */
  | { type: 'agent'; prompt: string; model: string | null }
  /** A tool of one of the session's MCP servers is called. */
  | { type: 'mcp_tool'; server: string; tool: string; input: Readonly<Record<string, unknown>> };

/** Something that a plugin wants done when something happens. */
export interface PluginHook {
  event: HookEvent;
  /** As it is written; empty: for all. */
  matcher: string;
  /** Whether it is for something that goes by one of these names. */
  matches: (names: readonly string[]) => boolean;
  /** A rule such as `Bash(git *)` that the call has to fit besides; null: none. */
  condition: string | null;
  work: HookWork;
  timeoutMs: number;
  /** Nobody waits for it: what it says to people and to the model is told later, and it holds nothing up. */
  isAsync: boolean;
  /** Of one that nobody waits for: by exit code 2 it wakes the agent, with these words before its own, and people are told the summary. Default: it does not. */
  wakes?: { message: string | null; summary: string | null };
  /** What people read while it is waited for. Default: nothing. */
  status?: string;
  /** Whether it blocks what it could have blocked when it is broken. Default: it does not. */
  failsClosed?: boolean;
}

/** Whose hook it is: what it is called when something is said of it, and where its files are. */
export interface HookOwner {
  plugin: string;
  /** The plugin's folder. */
  root: string;
}

export type OwnedHook = PluginHook & HookOwner;
