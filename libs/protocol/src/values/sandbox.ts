import { Type, type Static } from 'typebox';
import { IsoTime } from './ids.js';

/** How much the sandbox takes away from a session's tools. */
export const SandboxMode = Type.Union([Type.Literal('none'), Type.Literal('basic'), Type.Literal('full')]);
export type SandboxMode = Static<typeof SandboxMode>;

/** Why a session does not follow the newest policy. */
export const PolicyBehind = Type.Object({
  /** `wall_stays`: it wants no sandbox any more, which is taken away when the agent rests. `not_understood`: relay or runner is too old for it. */
  reason: Type.Union([Type.Literal('wall_stays'), Type.Literal('not_understood')]),
  /** For people: what holds, until when, and what to do, in a sentence or two. */
  detail: Type.String({ maxLength: 500 }),
});
export type PolicyBehind = Static<typeof PolicyBehind>;

/** How a session's tools are confined. */
export const SandboxState = Type.Object({
  /** What is wanted. */
  mode: SandboxMode,
  /** Whether the operating system keeps it. */
  isEnforced: Type.Boolean(),
  /** What of it is not held here: why, and what to do, in a sentence or two. */
  detail: Type.Optional(Type.String({ maxLength: 2_000 })),
  /** What of the newest policy does not hold in the session yet. Absent: all of it does, as far as is known. */
  behind: Type.Optional(PolicyBehind),
  /** When the organisation's policy was given that the session follows, for its sandbox and its approvals. Null or absent: it follows none. */
  policyAt: Type.Optional(Type.Union([IsoTime, Type.Null()])),
});
export type SandboxState = Static<typeof SandboxState>;

const FramePaths = Type.Array(Type.String({ minLength: 1, maxLength: 4_096 }), { maxItems: 2_000 });

/**
 * How tightly the sessions that an agent starts are confined at least: as its own session is. It only tightens what holds for them anyway; paths
 * are absolute, of the machine on which the starting session runs. Unknown fields are errors: to leave one out would loosen it in silence.
 */
export const SandboxFrame = Type.Object(
  {
    mode: SandboxMode,
    /** The least that has to be enforced: a session that cannot have it does not start. */
    floor: Type.Optional(SandboxMode),
    /** What `full` can reach. */
    allowedDomains: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 300 }), { maxItems: 2_000 })),
    /** Secrets that may be read all the same. */
    readable: Type.Optional(FramePaths),
    /** What may be written besides the working folder and the temporary one. */
    writable: Type.Optional(FramePaths),
    /** What may be neither read nor written. */
    denied: Type.Optional(FramePaths),
  },
  { additionalProperties: false },
);
export type SandboxFrame = Static<typeof SandboxFrame>;

/** Which rule of the sandbox stood in the way. */
export const SandboxRule = Type.Union([
  Type.Literal('denied'),
  Type.Literal('secrets'),
  Type.Literal('writable'),
  Type.Literal('fixed'),
  Type.Literal('allowedDomains'),
  Type.Literal('sockets'),
  Type.Literal('processes'),
]);
export type SandboxRule = Static<typeof SandboxRule>;

/** Something that a tool wanted and the sandbox kept from it. `role` tells it from the other notices of a transcript. */
export const SandboxViolation = Type.Object({
  role: Type.Literal('sandboxViolation'),
  /** The call in which it happened; null when it is not known. */
  toolCallId: Type.Union([Type.String(), Type.Null()]),
  toolName: Type.String(),
  kind: Type.Union([Type.Literal('read'), Type.Literal('write'), Type.Literal('connect')]),
  /** The path, or the host with its port. */
  target: Type.String({ maxLength: 4_000 }),
  rule: SandboxRule,
  at: IsoTime,
});
export type SandboxViolation = Static<typeof SandboxViolation>;
