import type { Api, AssistantMessage, Message, Model, Usage } from '@earendil-works/pi-ai';
import type { AgentSession } from '@earendil-works/pi-coding-agent';
import type { LendModel, ModelRequest } from '@pizzapi/mcp';
import type { ModelRef } from '@pizzapi/protocol';
import { v7 } from 'uuid';
import type { ApprovalDesk } from '../approvals/approval-desk.js';
import { NoModelConfiguredError } from '../errors/agent-error.js';
import { DemoModel } from '../models/demo-model.js';
import { textOfBlocks } from '../events/text-blocks.js';

/** Of usage in pi's file. */
const USAGE = 'mcp-sampling';
/** Of an answer, whatever the server asks for. */
const MAX_TOKENS = 4_096;
/** Characters that are asked about: what cannot be shown whole, nobody can agree to. */
const MAX_SHOWN = 8_000;
const AGREE = 'Ask the model, this once';

/** Of pi's session what is needed to ask its model. */
export interface LendingSession extends Pick<AgentSession, 'model'> {
  modelRuntime: Pick<AgentSession['modelRuntime'], 'completeSimple' | 'getModel'>;
  sessionManager: Pick<AgentSession['sessionManager'], 'appendUsage'>;
}

/**
 * Asks the session's model for a server, beside the conversation, once a person has read what it would be sent and agreed. Its tokens are the session's.
 * @param turn aborted with the turn
 */
export function modelLender(
  desk: Pick<ApprovalDesk, 'ask'>,
  session: () => LendingSession | null,
  turn: () => AbortSignal,
): LendModel {
  return async (request) => {
    const { server } = request;
    const lending = session();
    const own: ModelRef | undefined = lending?.model;
    const model = own && lending?.modelRuntime.getModel(own.provider, own.id);
    if (!lending || !model) throw new NoModelConfiguredError();
    if (model.provider === DemoModel.provider) throw new Error('The Demo model is not lent.');
    const shown = shownRequest(request);
    if (shown.length > MAX_SHOWN)
      throw new Error(
        `What it would send is longer than the ${MAX_SHOWN} characters that somebody could be asked about.`,
      );
    const maxTokens = Math.min(Math.max(1, request.maxTokens), MAX_TOKENS);
    const signal = AbortSignal.any([request.signal, turn()]);
    const question = `May it ask ${model.provider}/${model.id}, for up to ${maxTokens} tokens of an answer, which it gets? It sends:\n\n${shown}`;
    const subject = {
      kind: 'question' as const,
      question,
      options: [{ label: AGREE }],
      server: { name: server, message: '', isYesOrNo: true },
    };
    const { outcome, text } = await desk.ask(subject, `mcp ${server}`, signal);
    if (outcome !== 'allowed') return { action: outcome === 'denied' ? 'decline' : 'cancel' };
    if (text?.trim() !== AGREE) return { action: 'decline' };
    return ask(lending, model, request, { signal, maxTokens });
  };
}

async function ask(
  { modelRuntime, sessionManager }: LendingSession,
  model: Model<Api>,
  { messages, systemPrompt }: ModelRequest,
  bounds: { signal: AbortSignal; maxTokens: number },
) {
  const answer = await modelRuntime.completeSimple(
    model,
    { ...(systemPrompt !== null && { systemPrompt }), messages: messages.map((message) => messageOf(message, model)) },
    { ...bounds, cacheRetention: 'none', sessionId: v7() },
  );
  sessionManager.appendUsage(USAGE, model.provider, model.id, answer.usage);
  if (answer.stopReason === 'error' || answer.stopReason === 'aborted')
    throw new Error(answer.errorMessage ?? 'the model did not answer');
  const isCut = answer.stopReason === 'length';
  return { action: 'accept' as const, model: model.id, text: textOfBlocks(answer.content), isCut };
}

/** All that it would send, as people read it. */
function shownRequest({ systemPrompt, messages }: ModelRequest): string {
  const parts = messages.map(({ role, text }) => `${role === 'user' ? 'Question' : 'Answer before'}:\n${text}`);
  return [...(systemPrompt === null ? [] : [`Instructions:\n${systemPrompt}`]), ...parts].join('\n\n');
}

const NOTHING: Usage = {
  input: 0,
  output: 0,
  cacheRead: 0,
  cacheWrite: 0,
  totalTokens: 0,
  cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, total: 0 },
};

function messageOf({ role, text }: ModelRequest['messages'][number], { api, provider, id }: Model<Api>): Message {
  const content = [{ type: 'text' as const, text }];
  const timestamp = Date.now();
  if (role === 'user') return { role, content, timestamp };
  return {
    role,
    content,
    timestamp,
    api,
    provider,
    model: id,
    usage: NOTHING,
    stopReason: 'stop',
  } satisfies AssistantMessage;
}
