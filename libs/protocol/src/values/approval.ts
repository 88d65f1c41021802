import { Type, type Static } from 'typebox';
import { ApprovalId, IsoTime, Uuid } from './ids.js';

/** How long a question may wait for its answer, in ms: at least, by default, at most. */
export const ApprovalDeadlineMs = { minimum: 1_000, standard: 15 * 60_000, maximum: 24 * 3_600_000 } as const;
/** The largest length, in characters, of a note or of an answer in a person's own words. */
export const MAX_ANSWER_LENGTH = 10_000;
/** The largest length, in characters, of a file that a person consents to. A longer one is not used at all. */
export const MAX_CONSENT_CONTENT = 20_000;
/** How many characters of a plugin's files are shown. */
export const MAX_PLUGIN_CONTENT = 200_000;
/** How many sentences about what it may do are shown. */
export const MAX_CONSENT_ABILITIES = 20;

/** How many characters of an MCP server's message are shown with its question. */
export const MAX_SERVER_MESSAGE = 2_000;

/** One of the answers that an agent offers with its question. */
export const ApprovalOption = Type.Object({
  label: Type.String({ minLength: 1, maxLength: 200 }),
  description: Type.Optional(Type.String({ maxLength: 1_000 })),
});
export type ApprovalOption = Static<typeof ApprovalOption>;

/** The answers to a proposed plan; a person may add their own words. */
export const PlanAnswer = { approve: 'Approve', change: 'Change it' } as const;

/** The rule that asks: for which tool, for which arguments (null: all), and the file that contains the rule. */
export const AskingRule = Type.Object({
  tool: Type.String(),
  pattern: Type.Union([Type.String(), Type.Null()]),
  source: Type.String(),
});
export type AskingRule = Static<typeof AskingRule>;

/** The run of a subagent that asks. It distinguishes runs of the same agent that work at the same time. */
export const AskingRun = Type.Object({
  /** Its number among the `of` runs of that agent which the same call has started, from 1. */
  number: Type.Integer({ minimum: 1 }),
  of: Type.Integer({ minimum: 1 }),
  /** The first words of its task. */
  task: Type.String({ maxLength: 300 }),
});
export type AskingRun = Static<typeof AskingRun>;

/** What a person is asked: whether a tool may run with exactly these arguments, a question of the agent, or whether something may be used. */
export const ApprovalSubject = Type.Union([
  Type.Object({
    kind: Type.Literal('tool'),
    toolName: Type.String(),
    args: Type.Unknown(),
    rule: AskingRule,
    /** The subagent that wants to; absent: the session's own agent. */
    agent: Type.Optional(Type.String()),
    run: Type.Optional(AskingRun),
    /** Why it is asked, as a sentence, if a plugin's hook asks rather than a rule. Then every call is asked about. */
    because: Type.Optional(Type.String({ maxLength: 11_000 })),
  }),
  Type.Object({
    kind: Type.Literal('question'),
    question: Type.String({ minLength: 1, maxLength: MAX_ANSWER_LENGTH }),
    options: Type.Array(ApprovalOption, { maxItems: 10 }),
    /** The question is whether the agent should follow this plan. */
    isPlan: Type.Optional(Type.Boolean()),
    /** The subagent that asks; absent: the session's own agent. */
    agent: Type.Optional(Type.String()),
    run: Type.Optional(AskingRun),
    /** The MCP server that asks, instead of an agent. Everything here, including the question, is plain text; only people may answer. */
    server: Type.Optional(
      Type.Object({
        name: Type.String(),
        message: Type.String({ maxLength: MAX_SERVER_MESSAGE }),
        /** An address that the person should open; it is never opened automatically. */
        url: Type.Optional(Type.String({ maxLength: 4_000 })),
        /** The only option means yes, and any other answer means no. */
        isYesOrNo: Type.Optional(Type.Boolean()),
      }),
    ),
  }),
  /** Whether something in a project's folder may be used: a repository must never be able to trust itself. */
  Type.Object({
    kind: Type.Literal('consent'),
    thing: Type.Union([Type.Literal('agent'), Type.Literal('plugin'), Type.Literal('mcp')]),
    name: Type.String(),
    /** The file or folder that contains it. */
    path: Type.String(),
    /** The hash of the content that is consented to. Changed content is asked about again. */
    hash: Type.String(),
    /** What it may do, a sentence each. */
    abilities: Type.Array(Type.String(), { maxItems: MAX_CONSENT_ABILITIES }),
    /** The content, for people to read before they consent. */
    content: Type.String({ maxLength: MAX_PLUGIN_CONTENT }),
  }),
]);
export type ApprovalSubject = Static<typeof ApprovalSubject>;

const requested = {
  approvalId: ApprovalId,
  /** The tool call that waits for it. */
  toolCallId: Type.String(),
  askedAt: IsoTime,
  /** No answer until then means no. */
  deadline: IsoTime,
  subject: ApprovalSubject,
  /** For a tool: whether the user's configuration lets a parent session answer. An agent's question may always be answered by a parent. */
  mayParentAnswer: Type.Optional(Type.Boolean()),
  /** A parent session could not answer, and passed the question on to people. */
  handedUp: Type.Optional(
    Type.Object({ sessionId: Uuid, name: Type.String(), reason: Type.Optional(Type.String()), ts: IsoTime }),
  ),
};

/** A question that waits for a person. */
export const ApprovalRequest = Type.Object(requested);
export type ApprovalRequest = Static<typeof ApprovalRequest>;

/** Whether the agent of a parent session may answer. */
export function mayParentAnswer(request: Pick<ApprovalRequest, 'subject' | 'mayParentAnswer'>): boolean {
  const { subject } = request;
  return subject.kind === 'question' ? subject.server === undefined : request.mayParentAnswer === true;
}

/**
 * `session`: the same is not asked again while this worker runs. `once`: only this call. A consent is stored, unless it is for
 * the `session`.
 */
export const ApprovalScope = Type.Union([Type.Literal('once'), Type.Literal('session')]);
export type ApprovalScope = Static<typeof ApprovalScope>;

/** For a tool: whether it may run, with a note for the agent. For a question: `allow` with the answer as `text`, or `deny` for no answer. */
export const ApprovalAnswer = Type.Object({
  decision: Type.Union([Type.Literal('allow'), Type.Literal('deny')]),
  scope: Type.Optional(ApprovalScope),
  text: Type.Optional(Type.String({ maxLength: MAX_ANSWER_LENGTH })),
});
export type ApprovalAnswer = Static<typeof ApprovalAnswer>;

/** Who answers. With `sessionId`, the agent of that parent session: `name` is the session's, and `userId` its owner. */
export const ApprovalPerson = Type.Object({
  userId: Type.String(),
  name: Type.String(),
  sessionId: Type.Optional(Uuid),
});
export type ApprovalPerson = Static<typeof ApprovalPerson>;

/** `expired`: nobody answered in time. `closed`: nobody can answer any more, because the turn or its worker ended. */
export const ApprovalOutcome = Type.Union([
  Type.Literal('allowed'),
  Type.Literal('denied'),
  Type.Literal('expired'),
  Type.Literal('closed'),
]);
export type ApprovalOutcome = Static<typeof ApprovalOutcome>;

/** A question, and how it ended. `role` distinguishes it from other notices of a transcript. */
export const SettledApproval = Type.Object({
  role: Type.Literal('approval'),
  ...requested,
  outcome: ApprovalOutcome,
  settledAt: IsoTime,
  /** Who answered first; absent when nobody did. */
  answeredBy: Type.Optional(ApprovalPerson),
  scope: Type.Optional(ApprovalScope),
  text: Type.Optional(Type.String()),
  /** With `closed`: why, as a sentence. */
  reason: Type.Optional(Type.String()),
});
export type SettledApproval = Static<typeof SettledApproval>;

/** A question as REST shows it. Null: not applicable, or not yet known. */
export interface ApprovalView extends ApprovalRequest {
  sessionId: Uuid;
  outcome: ApprovalOutcome | null;
  settledAt: string | null;
  answeredBy: ApprovalPerson | null;
  scope: ApprovalScope | null;
  text: string | null;
  reason: string | null;
  /** The number of the transcript's entry that says how it ended. */
  seq: number | null;
}

/** The questions in a session that wait for people. */
export interface WaitingQuestions {
  count: number;
  /** The id of the latest question, by which a new one is recognised. */
  latestId: string;
}

type Settled = Pick<SettledApproval, 'outcome' | 'settledAt' | 'answeredBy' | 'scope' | 'text' | 'reason'>;

/** Whether this answer is the one that settled the question, sent again. It then gets the same reply as the first time. */
export function isSameAnswer(
  settled: Settled,
  { decision, scope, text }: ApprovalAnswer,
  { userId, sessionId }: ApprovalPerson,
): boolean {
  return (
    settled.answeredBy?.userId === userId &&
    settled.answeredBy.sessionId === sessionId &&
    settled.outcome === (decision === 'allow' ? 'allowed' : 'denied') &&
    (settled.scope ?? 'once') === (scope ?? 'once') &&
    (settled.text ?? '') === (text ?? '')
  );
}

/** A sentence for those who answer too late: who has answered and how, or why nobody can answer any more. */
export function describeSettlement({ outcome, settledAt, answeredBy, reason }: Settled): string {
  if (outcome === 'expired') return `Nobody answered by ${settledAt}, which means no.`;
  if (outcome === 'closed') return `This is not asked any more: ${reason ?? 'its turn ended.'}`;
  return `${answeredBy?.name ?? 'Somebody'} has answered this already: ${outcome}, at ${settledAt}.`;
}
