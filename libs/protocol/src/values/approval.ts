import { Type, type Static } from 'typebox';
import { ApprovalId, IsoTime, Uuid } from './ids.js';

/** How long a question may wait for its answer, in ms: at least, by default, at most. */
export const ApprovalDeadlineMs = { minimum: 1_000, standard: 15 * 60_000, maximum: 24 * 3_600_000 } as const;
/** Characters of a note or of an answer in the person's own words. */
export const MAX_ANSWER_LENGTH = 10_000;
/** Characters of a single file that a person consents to; of a longer one nothing is used. */
export const MAX_CONSENT_CONTENT = 20_000;
/** Characters that are shown of a plugin's files. */
export const MAX_PLUGIN_CONTENT = 200_000;
/** Sentences about what it may do. */
export const MAX_CONSENT_ABILITIES = 20;

/** Characters that are shown of what an MCP server says with its question. */
export const MAX_SERVER_MESSAGE = 2_000;

/** One of the answers that an agent offers with its question. */
export const ApprovalOption = Type.Object({
  label: Type.String({ minLength: 1, maxLength: 200 }),
  description: Type.Optional(Type.String({ maxLength: 1_000 })),
});
export type ApprovalOption = Static<typeof ApprovalOption>;

/** The answers to choose from where a plan is proposed; own words may follow. */
export const PlanAnswer = { approve: 'Approve', change: 'Change it' } as const;

/** The rule that asks: for which tool, for which arguments (null: for all), and the file it stands in. */
export const AskingRule = Type.Object({
  tool: Type.String(),
  pattern: Type.Union([Type.String(), Type.Null()]),
  source: Type.String(),
});
export type AskingRule = Static<typeof AskingRule>;

/** Which run of a subagent asks: those of one agent that work at once are told apart by it. */
export const AskingRun = Type.Object({
  /** Among the runs of the same agent that the same call started, from 1. */
  number: Type.Integer({ minimum: 1 }),
  of: Type.Integer({ minimum: 1 }),
  /** The first words of its task. */
  task: Type.String({ maxLength: 300 }),
});
export type AskingRun = Static<typeof AskingRun>;

/** What a person is asked: whether a tool may run with exactly these arguments, something the agent wants to know, or whether something may be used. */
export const ApprovalSubject = Type.Union([
  Type.Object({
    kind: Type.Literal('tool'),
    toolName: Type.String(),
    args: Type.Unknown(),
    rule: AskingRule,
    /** The subagent that wants to; absent: the session's own agent. */
    agent: Type.Optional(Type.String()),
    run: Type.Optional(AskingRun),
    /** Why, as a sentence, where no rule of the person's asks but a plugin's hook. It is asked about every time. */
    because: Type.Optional(Type.String({ maxLength: 11_000 })),
  }),
  Type.Object({
    kind: Type.Literal('question'),
    question: Type.String({ minLength: 1, maxLength: MAX_ANSWER_LENGTH }),
    options: Type.Array(ApprovalOption, { maxItems: 10 }),
    /** It is a plan, and asked whether the agent is to go by it. */
    isPlan: Type.Optional(Type.Boolean()),
    /** The subagent that asks; absent: the session's own agent. */
    agent: Type.Optional(Type.String()),
    run: Type.Optional(AskingRun),
    /** The MCP server that asks, and not an agent. All of it, the question too, is plain text; only people answer. */
    server: Type.Optional(
      Type.Object({
        name: Type.String(),
        message: Type.String({ maxLength: MAX_SERVER_MESSAGE }),
        /** What the person is to open; nothing opens it by itself. */
        url: Type.Optional(Type.String({ maxLength: 4_000 })),
        /** Its one option is the yes, and all other words are a no. */
        isYesOrNo: Type.Optional(Type.Boolean()),
      }),
    ),
  }),
  /** Whether something that a project's folder brings may be used: a repository can never trust itself. */
  Type.Object({
    kind: Type.Literal('consent'),
    thing: Type.Union([Type.Literal('agent'), Type.Literal('plugin'), Type.Literal('mcp')]),
    name: Type.String(),
    /** The file or folder that it stands in. */
    path: Type.String(),
    /** Of the content that is agreed to: what is changed is asked about again. */
    hash: Type.String(),
    /** What it may do, a sentence each. */
    abilities: Type.Array(Type.String(), { maxItems: MAX_CONSENT_ABILITIES }),
    /** What it is made of, to be read before it is agreed to. */
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
  /** Of a tool: the user's configuration lets a parent session answer. A question of an agent, a parent may always answer. */
  mayParentAnswer: Type.Optional(Type.Boolean()),
  /** A parent session could not answer and handed the question to people. */
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

/** `session`: it is not asked again while this worker runs; `once`: the call alone. A consent is kept, unless it is for the `session`. */
export const ApprovalScope = Type.Union([Type.Literal('once'), Type.Literal('session')]);
export type ApprovalScope = Static<typeof ApprovalScope>;

/** Of a tool: whether it may run, with a note for the agent. Of a question: `allow` with the answer as `text`, or `deny` for none. */
export const ApprovalAnswer = Type.Object({
  decision: Type.Union([Type.Literal('allow'), Type.Literal('deny')]),
  scope: Type.Optional(ApprovalScope),
  text: Type.Optional(Type.String({ maxLength: MAX_ANSWER_LENGTH })),
});
export type ApprovalAnswer = Static<typeof ApprovalAnswer>;

/** Who answers. With `sessionId` it is that parent session's agent, whose name it is; `userId` is its owner. */
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

/** A question with how it ended. `role` tells it from the other notices of a transcript. */
export const SettledApproval = Type.Object({
  role: Type.Literal('approval'),
  ...requested,
  outcome: ApprovalOutcome,
  settledAt: IsoTime,
  /** Who answered first; absent when nobody did. */
  answeredBy: Type.Optional(ApprovalPerson),
  scope: Type.Optional(ApprovalScope),
  text: Type.Optional(Type.String()),
  /** Of `closed`: why, as a sentence. */
  reason: Type.Optional(Type.String()),
});
export type SettledApproval = Static<typeof SettledApproval>;

/** A question as REST shows it; null for what is not so, or not yet. */
export interface ApprovalView extends ApprovalRequest {
  sessionId: Uuid;
  outcome: ApprovalOutcome | null;
  settledAt: string | null;
  answeredBy: ApprovalPerson | null;
  scope: ApprovalScope | null;
  text: string | null;
  reason: string | null;
  /** Where its end stands in the transcript. */
  seq: number | null;
}

/** What waits in a session for people. */
export interface WaitingQuestions {
  count: number;
  /** The approval that was asked last: tells a new one. */
  latestId: string;
}

type Settled = Pick<SettledApproval, 'outcome' | 'settledAt' | 'answeredBy' | 'scope' | 'text' | 'reason'>;

/** Whether it is the answer that counted, come again: then it is answered as the first time. */
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

/** To whom comes too late: by whom and how it was answered, or why nobody can. */
export function describeSettlement({ outcome, settledAt, answeredBy, reason }: Settled): string {
  if (outcome === 'expired') return `Nobody answered by ${settledAt}, which means no.`;
  if (outcome === 'closed') return `This is not asked any more: ${reason ?? 'its turn ended.'}`;
  return `${answeredBy?.name ?? 'Somebody'} has answered this already: ${outcome}, at ${settledAt}.`;
}
