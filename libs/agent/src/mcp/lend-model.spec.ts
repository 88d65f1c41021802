import type { AssistantMessage, Model } from '@earendil-works/pi-ai';
import type { ModelRequest } from '@pizzapi/mcp';
import { ApprovalSubject, type SettledApproval } from '@pizzapi/protocol';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { type LendingSession, modelLender } from './lend-model.js';

const { signal } = new AbortController();
const request: ModelRequest = {
  server: 'met',
  systemPrompt: 'Be brief.',
  messages: [
    { role: 'user', text: 'Why?' },
    { role: 'assistant', text: 'So.' },
    { role: 'user', text: 'Really?' },
  ],
  maxTokens: 1_000_000,
  signal,
};

/** A session whose model answers, and people who answer the card. */
function lender(ending: Pick<SettledApproval, 'outcome' | 'text'>, provider = 'pizza') {
  const asked: ApprovalSubject[] = [];
  const calls: unknown[][] = [];
  const usage: unknown[] = [];
  const cost = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, total: 0 };
  const model: Model<'openai-completions'> = {
    id: 'margherita',
    name: 'Margherita',
    api: 'openai-completions',
    provider,
    baseUrl: 'http://127.0.0.1',
    reasoning: false,
    input: ['text'],
    cost,
    contextWindow: 1_000,
    maxTokens: 1_000,
  };
  const answer: AssistantMessage = {
    role: 'assistant',
    content: [{ type: 'text', text: 'Yes.' }],
    api: model.api,
    provider,
    model: model.id,
    stopReason: 'length',
    usage: { ...cost, totalTokens: 7, cost },
    timestamp: 0,
  };
  const session: LendingSession = {
    model,
    modelRuntime: {
      getModel: () => model,
      completeSimple: (...call: unknown[]) => {
        calls.push(call);
        return Promise.resolve(answer);
      },
    },
    sessionManager: {
      appendUsage: (kind, ofProvider, ofModel, used) => {
        usage.push([kind, ofProvider, ofModel, used.totalTokens]);
        return {
          type: 'usage',
          id: 'u',
          parentId: null,
          timestamp: '',
          kind,
          provider: ofProvider,
          model: ofModel,
          usage: used,
        };
      },
    },
  };
  const ask = (subject: ApprovalSubject, toolCallId: string): Promise<SettledApproval> => {
    asked.push(subject);
    const times = { askedAt: '', deadline: '', settledAt: '' };
    return Promise.resolve({ role: 'approval', approvalId: 'apr_1', toolCallId, subject, ...times, ...ending });
  };
  return {
    asked,
    calls,
    usage,
    lend: modelLender(
      { ask },
      () => session,
      () => signal,
    ),
  };
}

describe("the session's model", () => {
  it('is asked for a server once somebody has read what it sends, within bounds, and its tokens count', async () => {
    const { asked, calls, usage, lend } = lender({ outcome: 'allowed', text: 'Ask the model, this once' });
    expect(await lend(request)).toEqual({ action: 'accept', model: 'margherita', text: 'Yes.', isCut: true });
    expect(asked).toMatchObject([{ kind: 'question', server: { name: 'met', isYesOrNo: true } }]);
    expect(Value.Check(ApprovalSubject, asked[0])).toBe(true);
    expect(JSON.stringify(asked[0])).toContain('pizza/margherita, for up to 4096 tokens');
    for (const text of ['Be brief.', 'Why?', 'So.', 'Really?']) expect(JSON.stringify(asked[0])).toContain(text);
    expect(calls).toMatchObject([
      [
        { id: 'margherita' },
        { systemPrompt: 'Be brief.', messages: [{ role: 'user' }, { role: 'assistant' }, { role: 'user' }] },
        { maxTokens: 4_096 },
      ],
    ]);
    expect(usage).toEqual([['mcp-sampling', 'pizza', 'margherita', 7]]);
  });

  it.each([
    ['denied', undefined, 'decline'],
    ['expired', undefined, 'cancel'],
    ['allowed', 'Ask the model, this once: but not with that', 'decline'],
  ] as const)('is not asked where that is %s (%s)', async (outcome, text, action) => {
    const { calls, lend } = lender({ outcome, ...(text !== undefined && { text }) });
    expect(await lend(request)).toEqual({ action });
    expect(calls).toEqual([]);
  });

  it('is not lent for what cannot be shown whole, nor where there is none', async () => {
    const { asked, lend } = lender({ outcome: 'denied' });
    await expect(lend({ ...request, messages: [{ role: 'user', text: 'x'.repeat(8_000) }] })).rejects.toThrow('8000');
    await expect(lender({ outcome: 'denied' }, 'demo').lend(request)).rejects.toThrow('Demo');
    expect(asked).toEqual([]);
  });
});
