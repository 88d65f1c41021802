import type { AgentMessage } from '@earendil-works/pi-agent-core';
import type { AgentSession } from '@earendil-works/pi-coding-agent';
import type { ToolCall, ToolResultMessage } from '@earendil-works/pi-ai';
import type { ApprovalDesk } from '../approvals/approval-desk.js';
import { answerMessage } from '../approvals/ask-user.js';
import { CustomType } from '../queue/delivery-message.js';

/** What the model is told of a tool call that was cut off. */
const CUT_OFF =
  'The process was stopped while this tool ran. It may have had an effect in part; check before repeating it.';

/**
 * Whether the conversation stands in the middle of a turn, which only a crash or a reboot leaves in the file: a message
 * that no model answered, or tool calls without results. Those are closed with an error result, because a model
 * refuses a conversation in which they stay open.
 *
 * A call that waits for an answer stays open until that comes. One that was answered gets its answer: pi stores the
 * results of a message when all of its calls have ended, which the crash may have prevented.
 */
export function closeInterruptedTurn(session: AgentSession, desk: ApprovalDesk): boolean {
  const asking = new Set(desk.resumed.map(({ request }) => request.toolCallId));
  const answers = desk.answered.map((approval) => answerMessage(approval, desk.deadlineMs));
  const openCalls = openToolCalls(session.messages).filter(({ id }) => !asking.has(id));
  for (const call of openCalls) {
    const answer = answers.find(({ toolCallId }) => toolCallId === call.id);
    session.sessionManager.appendMessage(answer ?? cutOff(call));
  }
  if (openCalls.length > 0) session.refreshContext();
  return asking.size === 0 && isUnanswered(session);
}

function cutOff({ id, name }: ToolCall): ToolResultMessage {
  return {
    role: 'toolResult',
    toolCallId: id,
    toolName: name,
    content: [{ type: 'text', text: CUT_OFF }],
    isError: true,
    timestamp: Date.now(),
  };
}

/** The calls of the last answer that stand without a result. */
export function openToolCalls(messages: readonly AgentMessage[]): ToolCall[] {
  const at = messages.findLastIndex(({ role }) => role === 'assistant');
  const answer = messages[at];
  if (answer?.role !== 'assistant' || answer.stopReason === 'aborted' || answer.stopReason === 'error') return [];
  const results = messages
    .slice(at + 1)
    .flatMap((message) => (message.role === 'toolResult' ? [message.toolCallId] : []));
  return answer.content.filter((block) => block.type === 'toolCall').filter(({ id }) => !results.includes(id));
}

function isUnanswered({ messages }: AgentSession): boolean {
  const last = messages.findLast(({ role }) => ['user', 'custom', 'toolResult', 'assistant'].includes(role));
  // What an extension only shows asks for no answer.
  if (last?.role === 'custom') return last.customType in CustomType;
  return last !== undefined && last.role !== 'assistant';
}
