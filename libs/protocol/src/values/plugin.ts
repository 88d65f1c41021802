import { Type, type Static } from 'typebox';
import { MAX_COMMANDS, SessionCommand } from './command.js';
import { IsoTime } from './ids.js';
import { McpServerState } from './mcp.js';

/** What became of a plugin's hook, where people should know. `role` tells it from the other notices of a transcript. */
export const HookNotice = Type.Object({
  role: Type.Literal('pluginHook'),
  plugin: Type.String({ maxLength: 200 }),
  /** Claude Code's name of what happened. */
  event: Type.String({ maxLength: 100 }),
  /** `said`: for people. `blocked`: it did not let something happen. `stopped`: it ended the turn. `failed`: it is broken, and nothing was held up by it. */
  outcome: Type.Union([Type.Literal('said'), Type.Literal('blocked'), Type.Literal('stopped'), Type.Literal('failed')]),
  text: Type.String({ maxLength: 10_100 }),
  at: IsoTime,
});
export type HookNotice = Static<typeof HookNotice>;

/** More than these are not shown; they work all the same. */
export const MAX_PLUGINS = 100;

/** A plugin as a session has it. */
export const SessionPlugin = Type.Object({
  name: Type.String({ maxLength: 200 }),
  version: Type.Optional(Type.String({ maxLength: 100 })),
  /** Its folder. */
  path: Type.String({ maxLength: 4_000 }),
  source: Type.Union([Type.Literal('user'), Type.Literal('project')]),
  /** `untrusted`: nobody has said yes or no. `refused`: somebody has said no. Neither is used. */
  state: Type.Union([Type.Literal('used'), Type.Literal('untrusted'), Type.Literal('refused')]),
  /** What it has, as "3 hooks". */
  brings: Type.Array(Type.String({ maxLength: 100 }), { maxItems: 10 }),
  /** What of it is not used, a sentence each. */
  unadapted: Type.Array(Type.String({ maxLength: 500 }), { maxItems: 50 }),
  /** Hooks that were broken since the session's worker started, a sentence each. Absent: none, or the worker is older. */
  broken: Type.Optional(Type.Array(Type.String({ maxLength: 500 }), { maxItems: 10 })),
});
export type SessionPlugin = Static<typeof SessionPlugin>;

/** What a session offers to whoever writes to it, and which plugins and MCP servers it has. */
export const SessionOffer = Type.Object({
  commands: Type.Array(SessionCommand, { maxItems: MAX_COMMANDS }),
  /** Absent: the worker is older. */
  plugins: Type.Optional(Type.Array(SessionPlugin, { maxItems: MAX_PLUGINS })),
  /** Absent: the worker is older. */
  mcpServers: Type.Optional(Type.Array(McpServerState, { maxItems: 100 })),
});
export type SessionOffer = Static<typeof SessionOffer>;
