import { setTimeout as delay } from 'node:timers/promises';
import type { AssistantMessage, AssistantMessageEventStream, Model, ToolCall } from '@earendil-works/pi-ai';
import type { DemoStep } from './demo-script.js';

/** About 45 words a second: quick to read, slow enough to steer and abort in the middle. */
const WORD_MS = 22;

/**
 * Streams a step as a model would: word by word, and ended by the signal at any word. Never rejects.
 */
export async function streamDemoStep(
  events: AssistantMessageEventStream,
  model: Model<string>,
  step: DemoStep,
  signal: AbortSignal | undefined,
): Promise<void> {
  const message = emptyMessage(model, step.inputTokens);
  try {
    events.push({ type: 'start', partial: message });
    const context = { events, message, signal };
    if (step.thinking) await streamThinking(context, step.thinking);
    await streamText(context, step.text);
    if (step.toolCall) await streamToolCall(context, step.toolCall);
    const reason = step.toolCall ? 'toolUse' : 'stop';
    message.stopReason = reason;
    events.push({ type: 'done', reason, message });
  } catch (error) {
    const reason = signal?.aborted ? 'aborted' : 'error';
    message.stopReason = reason;
    message.errorMessage = signal?.aborted ? 'Request was aborted' : String(error);
    events.push({ type: 'error', reason, error: message });
  }
  events.end(message);
}

interface Streaming {
  events: AssistantMessageEventStream;
  /** Grows as the stream goes on. */
  message: AssistantMessage;
  signal: AbortSignal | undefined;
}

async function streamThinking({ events, message, signal }: Streaming, text: string): Promise<void> {
  const block = { type: 'thinking' as const, thinking: '' };
  const contentIndex = message.content.push(block) - 1;
  events.push({ type: 'thinking_start', contentIndex, partial: message });
  for (const delta of words(text)) {
    await pause(message, signal);
    block.thinking += delta;
    events.push({ type: 'thinking_delta', contentIndex, delta, partial: message });
  }
  events.push({ type: 'thinking_end', contentIndex, content: text, partial: message });
}

async function streamText({ events, message, signal }: Streaming, text: string): Promise<void> {
  const block = { type: 'text' as const, text: '' };
  const contentIndex = message.content.push(block) - 1;
  events.push({ type: 'text_start', contentIndex, partial: message });
  for (const delta of words(text)) {
    await pause(message, signal);
    block.text += delta;
    events.push({ type: 'text_delta', contentIndex, delta, partial: message });
  }
  events.push({ type: 'text_end', contentIndex, content: text, partial: message });
}

async function streamToolCall({ events, message, signal }: Streaming, toolCall: ToolCall): Promise<void> {
  const block: ToolCall = { ...toolCall, arguments: {} };
  const contentIndex = message.content.push(block) - 1;
  events.push({ type: 'toolcall_start', contentIndex, partial: message });
  for (const delta of words(JSON.stringify(toolCall.arguments))) {
    await pause(message, signal);
    events.push({ type: 'toolcall_delta', contentIndex, delta, partial: message });
  }
  block.arguments = toolCall.arguments;
  events.push({ type: 'toolcall_end', contentIndex, toolCall: block, partial: message });
}

function words(text: string): string[] {
  return text.match(/\s*\S+\s*/g) ?? [];
}

async function pause(message: AssistantMessage, signal: AbortSignal | undefined): Promise<void> {
  await delay(WORD_MS, undefined, { signal });
  message.usage.output += 1;
  message.usage.totalTokens += 1;
}

function emptyMessage(model: Model<string>, inputTokens: number): AssistantMessage {
  const usage = { input: inputTokens, output: 0, cacheRead: 0, cacheWrite: 0, totalTokens: inputTokens };
  return {
    role: 'assistant',
    content: [],
    api: model.api,
    provider: model.provider,
    model: model.id,
    usage: { ...usage, cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, total: 0 } },
    stopReason: 'stop',
    timestamp: Date.now(),
  };
}
