import type { AgentSessionEvent } from '@earendil-works/pi-coding-agent';
import type { AssistantMessage } from '@earendil-works/pi-ai';
import type { UnnumberedSessionEvent } from '@pizzapi/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { PiEventMapper } from './map-pi-event.js';

let mapper: PiEventMapper;
beforeEach(() => (mapper = new PiEventMapper('3', 1024)));

function anAnswer(content: AssistantMessage['content'] = []): AssistantMessage {
  const cost = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, total: 0 };
  return {
    role: 'assistant',
    content,
    api: 'test',
    provider: 'acme',
    model: 'm1',
    usage: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, totalTokens: 0, cost },
    stopReason: 'stop',
    timestamp: 0,
  };
}

/** Type and data alone: the time is now. */
function mapped(event: AgentSessionEvent): Pick<UnnumberedSessionEvent, 'type' | 'data'>[] {
  return mapper.map(event).map(({ type, data }) => ({ type, data }));
}

describe('a message in progress', () => {
  it('has one id from its start to its entry', () => {
    const message = anAnswer();
    expect(mapped({ type: 'message_start', message })).toEqual([
      { type: 'message.started', data: { messageId: '3.1', model: { provider: 'acme', id: 'm1' } } },
    ]);
    const update = { type: 'text_delta', contentIndex: 0, delta: 'Hi', partial: message } as const;
    expect(mapped({ type: 'message_update', message, assistantMessageEvent: update })).toEqual([
      { type: 'message.delta', data: { messageId: '3.1', index: 0, kind: 'text', delta: 'Hi' } },
    ]);
    expect(mapped({ type: 'message_end', message })).toEqual([]);
    expect(mapper.messageIdOf(message)).toBe('3.1');
    mapped({ type: 'message_start', message: anAnswer() });
    expect(mapper.messageIdOf(anAnswer())).toBeUndefined();
  });

  it('names a tool call with its first delta only', () => {
    const message = anAnswer([{ type: 'toolCall', id: 'call_1', name: 'bash', arguments: {} }]);
    mapped({ type: 'message_start', message });
    const start = { type: 'toolcall_start', contentIndex: 0, partial: message } as const;
    const delta = { type: 'toolcall_delta', contentIndex: 0, delta: '{"a', partial: message } as const;
    const events = [start, delta].flatMap((update) =>
      mapped({ type: 'message_update', message, assistantMessageEvent: update }),
    );
    const data = { messageId: '3.1', index: 0, kind: 'toolCall' };
    expect(events).toEqual([
      { type: 'message.delta', data: { ...data, delta: '', toolName: 'bash', toolCallId: 'call_1' } },
      { type: 'message.delta', data: { ...data, delta: '{"a' } },
    ]);
  });

  it('is not begun by what people said', () => {
    expect(mapped({ type: 'message_start', message: { role: 'user', content: 'Hi', timestamp: 0 } })).toEqual([]);
  });
});

describe('a tool', () => {
  it('reports its output as deltas and its end with its duration', () => {
    const call = { toolCallId: 't1', toolName: 'bash', args: { command: 'x' } };
    expect(mapped({ type: 'tool_execution_start', ...call })).toEqual([{ type: 'tool.started', data: call }]);
    const outputs = ['a\n', 'a\nb\n', 'c'].flatMap((text) =>
      mapped({ type: 'tool_execution_update', ...call, partialResult: { content: [{ type: 'text', text }] } }),
    );
    expect(outputs.map(({ data }) => data)).toEqual([
      { toolCallId: 't1', delta: 'a\n' },
      { toolCallId: 't1', delta: 'b\n' },
      { toolCallId: 't1', delta: 'c', reset: true },
    ]);
    expect(
      mapped({ type: 'tool_execution_end', toolCallId: 't1', toolName: 'bash', result: {}, isError: true }),
    ).toEqual([{ type: 'tool.finished', data: { toolCallId: 't1', isError: true, durationMs: expect.any(Number) } }]);
  });

  it('survives partial results of any shape', () => {
    const call = { toolCallId: 't1', toolName: 'mine', args: {} };
    mapped({ type: 'tool_execution_start', ...call });
    for (const partialResult of [null, 'text', { content: 'text' }, { content: [null, { type: 'image' }] }]) {
      expect(mapped({ type: 'tool_execution_update', ...call, partialResult })).toEqual([]);
    }
  });
});

describe('recovery', () => {
  it('maps retries and compaction one for one', () => {
    expect(mapped({ type: 'auto_retry_start', attempt: 1, maxAttempts: 3, delayMs: 1.5, errorMessage: '429' })).toEqual(
      [{ type: 'retry.started', data: { attempt: 1, maxAttempts: 3, delayMs: 2, error: '429' } }],
    );
    expect(mapped({ type: 'auto_retry_end', success: true, attempt: 1 })).toEqual([
      { type: 'retry.finished', data: { isSuccess: true } },
    ]);
    expect(mapped({ type: 'compaction_start', reason: 'threshold' })).toEqual([
      { type: 'compaction.started', data: { reason: 'threshold' } },
    ]);
    const failed = {
      type: 'compaction_end',
      reason: 'threshold',
      result: undefined,
      aborted: true,
      willRetry: false,
    } as const;
    expect(mapped(failed)).toEqual([
      { type: 'compaction.finished', data: { isSuccess: false, error: 'The compaction was aborted.' } },
    ]);
  });
});
