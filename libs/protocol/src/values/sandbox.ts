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

/** Which rule of the sandbox stood in the way. */
export const SandboxRule = Type.Union([
  Type.Literal('denied'),
  Type.Literal('secrets'),
  Type.Literal('writable'),
  Type.Literal('fixed'),
  Type.Literal('allowedDomains'),
  Type.Literal('sockets'),
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
