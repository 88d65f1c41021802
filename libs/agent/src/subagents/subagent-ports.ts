import type { ApprovalPerson } from '@pizzapi/protocol';
import { Type, type Static } from 'typebox';
import type { AgentFolder } from './agents/discover-agents.js';

/** The field `subagents` of a `config.json`. */
export const SubagentSettings = Type.Object(
  {
    /** How deep subagents may start others: with 1 (the default) only the session's own agent starts any. */
    maxDepth: Type.Optional(Type.Integer({ minimum: 1, maximum: 4 })),
    /** How long one of them may take; default: half an hour. The time that people take to answer does not count. */
    timeoutMs: Type.Optional(Type.Integer({ minimum: 1_000, maximum: 24 * 3_600_000 })),
  },
  { additionalProperties: false },
);
export type SubagentSettings = Static<typeof SubagentSettings>;

/** A project's agent that a person agreed to, as it was then. */
export interface ConsentedAgent {
  /** The file, in full. */
  path: string;
  /** Of its content. */
  hash: string;
}

/** What people consented to; kept where no project can write. */
export interface AgentConsents {
  has(agent: ConsentedAgent, userId: string): boolean;
  add(agent: ConsentedAgent, by: ApprovalPerson): void;
}

/** What subagents need of the world around their session. */
export interface SubagentPorts extends SubagentSettings {
  /** Folders of agents' files; those that come first win. */
  folders: readonly AgentFolder[];
  consents: AgentConsents;
  /** Where Node keeps what it compiled of pi; only the product may write there. Without it every start compiles. */
  compileCacheDir?: string;
}
