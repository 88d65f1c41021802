import { Type, type Static } from 'typebox';
import { MAX_COMMANDS, SessionCommand } from './command.js';
import { IsoTime } from './ids.js';
import { McpServerState } from './mcp.js';

/** A notice about a plugin's hook that people should see. `role` distinguishes it from other notices of a transcript. */
export const HookNotice = Type.Object({
  role: Type.Literal('pluginHook'),
  plugin: Type.String({ maxLength: 200 }),
  /** Claude Code's name of the hook's event. */
  event: Type.String({ maxLength: 100 }),
  /**
   * `said`: it had a message for people. `blocked`: it prevented something. `stopped`: it ended the turn. `failed`: it is broken,
   * and prevented nothing.
   */
  outcome: Type.Union([Type.Literal('said'), Type.Literal('blocked'), Type.Literal('stopped'), Type.Literal('failed')]),
  text: Type.String({ maxLength: 10_100 }),
  at: IsoTime,
});
export type HookNotice = Static<typeof HookNotice>;

/** How many plugins are shown at most. Others work nevertheless. */
export const MAX_PLUGINS = 100;

/** A plugin as a session has it. */
export const SessionPlugin = Type.Object({
  name: Type.String({ maxLength: 200 }),
  version: Type.Optional(Type.String({ maxLength: 100 })),
  /** Its folder. */
  path: Type.String({ maxLength: 4_000 }),
  source: Type.Union([Type.Literal('user'), Type.Literal('project')]),
  /** `untrusted`: nobody has decided yet. `refused`: somebody has said no. In both cases it is not used. */
  state: Type.Union([Type.Literal('used'), Type.Literal('untrusted'), Type.Literal('refused')]),
  /** What it contains, for example "3 hooks". */
  brings: Type.Array(Type.String({ maxLength: 100 }), { maxItems: 10 }),
  /** The parts of it that are not used, a sentence each. */
  unadapted: Type.Array(Type.String({ maxLength: 500 }), { maxItems: 50 }),
  /** Hooks that have failed since the session's worker started, a sentence each. Absent: none, or the worker is older. */
  broken: Type.Optional(Type.Array(Type.String({ maxLength: 500 }), { maxItems: 10 })),
});
export type SessionPlugin = Static<typeof SessionPlugin>;

/** The commands that a session offers to people who write to it, and its plugins and MCP servers. */
export const SessionOffer = Type.Object({
  commands: Type.Array(SessionCommand, { maxItems: MAX_COMMANDS }),
  /** Absent: the worker is older. */
  plugins: Type.Optional(Type.Array(SessionPlugin, { maxItems: MAX_PLUGINS })),
  /** Absent: the worker is older. */
  mcpServers: Type.Optional(Type.Array(McpServerState, { maxItems: 100 })),
});
export type SessionOffer = Static<typeof SessionOffer>;
