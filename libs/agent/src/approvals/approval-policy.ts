import { ApprovalDeadlineMs } from '@pizzapi/protocol';
import { Type, type Static } from 'typebox';

/** `allow` runs it, `ask` asks a person first, `deny` does not run it. */
export const ApprovalAction = Type.Union([Type.Literal('allow'), Type.Literal('ask'), Type.Literal('deny')]);
export type ApprovalAction = Static<typeof ApprovalAction>;

/** Which calls a rule is about, and what becomes of them. Unknown fields are errors: a misspelt one would loosen it in silence. */
export const ApprovalRule = Type.Object(
  {
    /** A tool's name; `*` stands for any characters. */
    tool: Type.String({ minLength: 1, maxLength: 200 }),
    /** What the call's arguments look like; see `call-texts.ts`. Absent: every call's. */
    pattern: Type.Optional(Type.String({ minLength: 1, maxLength: 1_000 })),
    action: ApprovalAction,
  },
  { additionalProperties: false },
);
export type ApprovalRule = Static<typeof ApprovalRule>;

/** The field `approvals` of a `config.json`. */
export const ApprovalSettings = Type.Object(
  {
    rules: Type.Optional(Type.Array(ApprovalRule, { maxItems: 500 })),
    /** How long a question waits for its answer. */
    deadlineMs: Type.Optional(
      Type.Integer({ minimum: ApprovalDeadlineMs.minimum, maximum: ApprovalDeadlineMs.maximum }),
    ),
    /** Whether a session's parent may answer what a rule asks about. Default: people only. */
    parentsMayAnswer: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type ApprovalSettings = Static<typeof ApprovalSettings>;

/** One file's settings; `source` is what people know the file as. */
export interface ApprovalLayer {
  source: string;
  settings: ApprovalSettings;
}

/** What holds for a session: the user's settings, then the project's. A later layer can only tighten. */
export type ApprovalPolicy = readonly ApprovalLayer[];

/** How long a question waits for its answer. The first layer chooses; those after it can only shorten. */
export function deadlineOf([first, ...others]: ApprovalPolicy): number {
  const chosen = first?.settings.deadlineMs ?? ApprovalDeadlineMs.standard;
  return Math.min(chosen, ...others.map(({ settings }) => settings.deadlineMs ?? chosen));
}

/** Whether a session's parent may answer what a rule asks about: only where the first layer says so and none after it forbids it. */
export function parentsMayAnswer([first, ...others]: ApprovalPolicy): boolean {
  return (
    first?.settings.parentsMayAnswer === true && others.every(({ settings }) => settings.parentsMayAnswer !== false)
  );
}
