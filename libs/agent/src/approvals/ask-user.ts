import type { ToolResultMessage } from '@earendil-works/pi-ai';
import { defineTool, type ToolDefinition } from '@earendil-works/pi-coding-agent';
import { ApprovalOption, MAX_ANSWER_LENGTH, type SettledApproval } from '@pizzapi/protocol';
import { Type } from 'typebox';
import type { ApprovalDesk } from './approval-desk.js';
import { answerText } from './approval-text.js';

/** The tool's name, which rules know. */
export const ASK_USER = 'ask_user';

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

/** What the model reads as the result of its question, where the worker that asked it is gone. */
export function answerMessage(approval: SettledApproval, deadlineMs: number): ToolResultMessage {
  return {
    role: 'toolResult',
    toolCallId: approval.toolCallId,
    toolName: ASK_USER,
    content: [{ type: 'text', text: answerText(approval, deadlineMs) }],
    details: { outcome: approval.outcome },
    isError: approval.outcome === 'closed',
    timestamp: Date.now(),
  };
}

/** The agent's tool to ask the person whose session it is. */
export function askUserTool(desk: ApprovalDesk): ToolDefinition {
  return defineTool({
    name: ASK_USER,
    label: 'Ask the person',
    description:
      'Ask the person a question and wait for the answer, when you cannot go on well without it: a choice that is theirs, a fact you cannot find. Not for permission to run a tool; that is asked for you. Nobody may be there to answer: then you are told so after a while.',
    promptSnippet: 'Ask the person a question, with answers to choose from, and wait for the answer',
    parameters: Parameters,
    execute: async (toolCallId, { question, options = [] }, signal) => {
      const approval = await desk.ask({ kind: 'question', question, options }, toolCallId, signal);
      const text = answerText(approval, desk.deadlineMs);
      if (approval.outcome === 'closed') throw new Error(text);
      return { content: [{ type: 'text', text }], details: { outcome: approval.outcome } };
    },
  });
}
