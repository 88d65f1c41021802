import { type Static, Type } from 'typebox';
import { ApprovalDeadlineMs } from './approval.js';
import { IsoTime } from './ids.js';
import { SandboxMode } from './sandbox.js';

/** `~`, `~/…`, absolute, or in the session's folder. */
export const POLICY_PATH = String.raw`^[^*?\u0000]+$`;
/** A host, or `*.` and a domain for all hosts below it. No scheme, port or path. */
export const POLICY_DOMAIN = String.raw`^(\*\.)?[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$`;

/** How much a policy may contain. Lengths are in characters. */
export const PolicyLimits = {
  paths: 200,
  pathLength: 1_000,
  domains: 500,
  domainLength: 253,
  rules: 500,
  toolLength: 200,
  patternLength: 1_000,
} as const;

/** A path stands for itself and everything below it. Patterns are not supported. */
const PathList = Type.Array(Type.String({ minLength: 1, maxLength: PolicyLimits.pathLength, pattern: POLICY_PATH }), {
  maxItems: PolicyLimits.paths,
});
const Domain = Type.String({ maxLength: PolicyLimits.domainLength, pattern: POLICY_DOMAIN });

/** The field `sandbox` of a `config.json` and of a policy. Unknown fields are errors, because a misspelt one would silently loosen it. */
export const SandboxSettings = Type.Object(
  {
    mode: Type.Optional(SandboxMode),
    /** The least that has to be enforced: a session that cannot have it does not start. */
    floor: Type.Optional(SandboxMode),
    /** The hosts that can be reached in mode `full`. */
    allowedDomains: Type.Optional(Type.Array(Domain, { maxItems: PolicyLimits.domains })),
    /** Secrets that may be read nevertheless. */
    readable: Type.Optional(PathList),
    /** What may be written in addition to the working folder and the temporary one. */
    writable: Type.Optional(PathList),
    /** What may be neither read nor written. Overrides all other lists. */
    denied: Type.Optional(PathList),
  },
  { additionalProperties: false },
);
export type SandboxSettings = Static<typeof SandboxSettings>;

/** `allow` runs it, `ask` asks a person first, `deny` does not run it. */
export const ApprovalAction = Type.Union([Type.Literal('allow'), Type.Literal('ask'), Type.Literal('deny')]);
export type ApprovalAction = Static<typeof ApprovalAction>;

/**
 * Which tool calls a rule applies to, and what happens to them. Unknown fields are errors, because a misspelt one would silently
 * loosen it.
 */
export const ApprovalRule = Type.Object(
  {
    /** A tool's name; `*` stands for any characters. */
    tool: Type.String({ minLength: 1, maxLength: PolicyLimits.toolLength }),
    /** What the call's arguments look like; `*` stands for any characters. Absent: every call's. */
    pattern: Type.Optional(Type.String({ minLength: 1, maxLength: PolicyLimits.patternLength })),
    action: ApprovalAction,
  },
  { additionalProperties: false },
);
export type ApprovalRule = Static<typeof ApprovalRule>;

/** The field `approvals` of a `config.json` and of a policy. */
export const ApprovalSettings = Type.Object(
  {
    rules: Type.Optional(Type.Array(ApprovalRule, { maxItems: PolicyLimits.rules })),
    /** How long a question waits for its answer, in ms. */
    deadlineMs: Type.Optional(
      Type.Integer({ minimum: ApprovalDeadlineMs.minimum, maximum: ApprovalDeadlineMs.maximum }),
    ),
    /** Whether a session's parent may answer what a rule asks about. Default: people only. */
    parentsMayAnswer: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type ApprovalSettings = Static<typeof ApprovalSettings>;

/** The `source` of a policy's rules, as people are shown it; rules of a file have its path. */
export const POLICY_SOURCE = "your organisation's policy";

/** An organisation's policy for all its agents. It comes before the settings of people and projects, which can only tighten it. */
export const AgentPolicy = Type.Object(
  { sandbox: Type.Optional(SandboxSettings), approvals: Type.Optional(ApprovalSettings) },
  { additionalProperties: false },
);
export type AgentPolicy = Static<typeof AgentPolicy>;

/** The policy for a runner's sessions from now on. Sent in full when the runner connects, and on every change. */
export const PolicyNotice = Type.Object({
  /** Null: the organisation has none. */
  policy: Type.Union([AgentPolicy, Type.Null()]),
  /** When it was set, which identifies this version of it. */
  policyAt: Type.Union([IsoTime, Type.Null()]),
});
export type PolicyNotice = Static<typeof PolicyNotice>;

/** The sender does not understand the newest policy. The one before it stays in force. */
export const UnknownPolicy = Type.Object({
  /** What to do, in a sentence or two. */
  detail: Type.String({ maxLength: 400 }),
});
export type UnknownPolicy = Static<typeof UnknownPolicy>;

/** A policy, with who set it last and when. */
export const AgentPolicyView = Type.Object({
  policy: AgentPolicy,
  /** Null: none has been set. */
  updatedAt: Type.Union([IsoTime, Type.Null()]),
  updatedBy: Type.Union([Type.Object({ userId: Type.String(), name: Type.String() }), Type.Null()]),
});
export type AgentPolicyView = Static<typeof AgentPolicyView>;
