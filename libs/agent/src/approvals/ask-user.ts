import type { ToolResultMessage } from '@earendil-works/pi-ai';
import { defineTool, type ToolDefinition } from '@earendil-works/pi-coding-agent';
import {
  ApprovalOption,
  type ApprovalSubject,
  MAX_ANSWER_LENGTH,
  PlanAnswer,
  type SettledApproval,
} from '@pizzapi/protocol';
import { Type } from 'typebox';
import type { ApprovalDesk } from './approval-desk.js';
import type { Caller } from './caller.js';
import { answerText } from './approval-text.js';

/** The tool's name, which rules know. */
export const ASK_USER = 'ask_user';
export const PROPOSE_PLAN = 'propose_plan';

/** Tools by which the agent itself asks a person: no rule need ask about them. */
export const ASKING_TOOLS: ReadonlySet<string> = new Set([ASK_USER, PROPOSE_PLAN]);

const Parameters = Type.Object({
  question: Type.String({
    minLength: 1,
    maxLength: MAX_ANSWER_LENGTH,
    description: 'One question, with what the person needs to know to answer it. Markdown.',
  }),
  options: Type.Optional(
    Type.Array(ApprovalOption, {
      maxItems: 10,
      description:
        'Answers to choose from, the one you recommend first. The person may always answer in their own words.',
    }),
  ),
});

const PlanParameters = Type.Object({
  plan: Type.String({
    minLength: 1,
    maxLength: MAX_ANSWER_LENGTH,
    description: 'What you are going to do, step by step, and what it will change. Markdown.',
  }),
});

/** What the model reads as the result of its question, where the worker that asked it is gone. */
export function answerMessage(approval: SettledApproval, deadlineMs: number): ToolResultMessage {
  return {
    role: 'toolResult',
    toolCallId: approval.toolCallId,
    toolName: isPlan(approval) ? PROPOSE_PLAN : ASK_USER,
    content: [{ type: 'text', text: answerText(approval, deadlineMs) }],
    details: { outcome: approval.outcome },
    isError: approval.outcome === 'closed',
    timestamp: Date.now(),
  };
}

/** A subagent that asks, within a tool call of its session. */
export type AskingSubagent = Required<Pick<Caller, 'toolCallId' | 'agent' | 'run' | 'whileAsking'>>;

/** The agent's tool to ask the person whose session it is. @param asking whose it is; absent: the session's own agent's */
export function askUserTool(desk: ApprovalDesk, asking?: AskingSubagent): ToolDefinition {
  return defineTool({
    name: ASK_USER,
    label: 'Ask the person',
    description:
      'Ask the person a question and wait for the answer, when you cannot go on well without it: a choice that is theirs, a fact you cannot find. Not for permission to run a tool; that is asked for you. Nobody may be there to answer: then you are told so after a while.',
    promptSnippet: 'Ask the person a question, with answers to choose from, and wait for the answer',
    parameters: Parameters,
    execute: (toolCallId, { question, options = [] }, signal) => {
      if (!asking) return ask(desk, { kind: 'question', question, options }, toolCallId, signal);
      const { agent, run, whileAsking } = asking;
      return whileAsking(ask(desk, { kind: 'question', question, options, agent, run }, asking.toolCallId, signal));
    },
  });
}

/** The agent's tool to have a plan approved before it goes by it. */
export function proposePlanTool(desk: ApprovalDesk): ToolDefinition {
  const options = Object.values(PlanAnswer).map((label) => ({ label }));
  return defineTool({
    name: PROPOSE_PLAN,
    label: 'Propose a plan',
    description:
      'Show the person a plan and wait until they approve it, say what to change, or do not answer. For work that is large or hard to take back, before you begin; do not begin without a yes.',
    promptSnippet: 'Have a plan approved before you go by it',
    parameters: PlanParameters,
    execute: (toolCallId, { plan }, signal) =>
      ask(desk, { kind: 'question', question: plan, options, isPlan: true }, toolCallId, signal),
  });
}

async function ask(desk: ApprovalDesk, subject: ApprovalSubject, toolCallId: string, signal: AbortSignal | undefined) {
  const approval = await desk.ask(subject, toolCallId, signal);
  const text = answerText(approval, desk.deadlineMs);
  if (approval.outcome === 'closed') throw new Error(text);
  return { content: [{ type: 'text' as const, text }], details: { outcome: approval.outcome } };
}

function isPlan({ subject }: SettledApproval): boolean {
  return subject.kind === 'question' && subject.isPlan === true;
}
