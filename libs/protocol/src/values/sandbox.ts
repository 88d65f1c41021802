import { Type, type Static } from 'typebox';
import { IsoTime } from './ids.js';

/** How much the sandbox restricts a session's tools. */
export const SandboxMode = Type.Union([Type.Literal('none'), Type.Literal('basic'), Type.Literal('full')]);
export type SandboxMode = Static<typeof SandboxMode>;

/** Why a session does not follow the newest policy. */
export const PolicyBehind = Type.Object({
  /**
   * `wall_stays`: the policy no longer wants a sandbox, which is removed once the agent is idle. `not_understood`: the relay or
   * the runner is too old for it.
   */
  reason: Type.Union([Type.Literal('wall_stays'), Type.Literal('not_understood')]),
  /** For people: what applies now, until when, and what to do, in a sentence or two. */
  detail: Type.String({ maxLength: 500 }),
});
export type PolicyBehind = Static<typeof PolicyBehind>;

/** How a session's tools are confined. */
export const SandboxState = Type.Object({
  /** The mode that is wanted. */
  mode: SandboxMode,
  /** Whether the operating system enforces it. */
  isEnforced: Type.Boolean(),
  /** Which part of it is not enforced here, why, and what to do, in a sentence or two. */
  detail: Type.Optional(Type.String({ maxLength: 2_000 })),
  /** Which part of the newest policy does not apply to the session yet. Absent: all of it applies, as far as is known. */
  behind: Type.Optional(PolicyBehind),
  /** The time of the organisation's policy that the session follows, for its sandbox and its approvals. Null or absent: it follows none. */
  policyAt: Type.Optional(Type.Union([IsoTime, Type.Null()])),
});
export type SandboxState = Static<typeof SandboxState>;

const FramePaths = Type.Array(Type.String({ minLength: 1, maxLength: 4_096 }), { maxItems: 2_000 });

/**
 * How tightly the sessions that an agent starts have to be confined at least: as tightly as its own session. It can only tighten
 * what applies to them anyway. Paths are absolute, on the machine of the starting session. Unknown fields are errors, because
 * ignoring one would silently loosen it.
 */
export const SandboxFrame = Type.Object(
  {
    mode: SandboxMode,
    /** The least that has to be enforced: a session that cannot have it does not start. */
    floor: Type.Optional(SandboxMode),
    /** The hosts that can be reached in mode `full`. */
    allowedDomains: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 300 }), { maxItems: 2_000 })),
    /** Secrets that may be read nevertheless. */
    readable: Type.Optional(FramePaths),
    /** What may be written in addition to the working folder and the temporary one. */
    writable: Type.Optional(FramePaths),
    /** What may be neither read nor written. */
    denied: Type.Optional(FramePaths),
  },
  { additionalProperties: false },
);
export type SandboxFrame = Static<typeof SandboxFrame>;

/** The rule of the sandbox that prevented something. */
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

/** Something that a tool tried and the sandbox prevented. `role` distinguishes it from other notices of a transcript. */
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
