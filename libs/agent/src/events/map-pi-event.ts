import type { AgentSessionEvent } from '@earendil-works/pi-coding-agent';
import type { AssistantMessageEvent } from '@earendil-works/pi-ai';
import { SubagentChange, type UnnumberedSessionEvent } from '@pizzapi/protocol';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { SUBAGENT } from '../subagents/subagent-name.js';
import { sessionEvent } from './session-event.js';
import { outputTexts } from '../outputs/output-text.js';
import { ToolOutputDelta } from './tool-output-delta.js';

type PiEvent<T extends AgentSessionEvent['type']> = Extract<AgentSessionEvent, { type: T }>;

/** What only the tool `subagent` reports. */
const subagentChange = Compile(Type.Object({ details: SubagentChange }));

interface RunningTool {
  startedMs: number;
  output: ToolOutputDelta;
}

/**
 * Maps what pi reports of one session to session events that show progress. What comes from the session's file
 * (`entry.appended`, usage, model) and the activity are not its business.
 */
export class PiEventMapper {
  readonly #prefix: string;
  readonly #maxOutputBytes: number;
  #messageCount = 0;
  #messageId: string | null = null;
  readonly #messageIds = new WeakMap<object, string>();
  readonly #tools = new Map<string, RunningTool>();

  /**
   * @param prefix what ids of messages begin with; differs between starts of a worker
   * @param maxOutputBytes how much of a tool's output is told
   */
  constructor(prefix: string, maxOutputBytes: number) {
    this.#prefix = prefix;
    this.#maxOutputBytes = maxOutputBytes;
  }

  /** The id under which a message's progress was shown. */
  messageIdOf(message: object): string | undefined {
    return this.#messageIds.get(message);
  }

  map(event: AgentSessionEvent): UnnumberedSessionEvent[] {
    switch (event.type) {
      case 'message_start':
        return this.#messageStarted(event);
      case 'message_update':
        return this.#messageUpdated(event.assistantMessageEvent);
      case 'message_end':
        if (event.message.role === 'assistant' && this.#messageId) this.#messageIds.set(event.message, this.#messageId);
        return [];
      case 'tool_execution_start':
        return this.#toolStarted(event);
      case 'tool_execution_update':
        return this.#toolUpdated(event);
      case 'tool_execution_end':
        return this.#toolFinished(event);
      case 'session_info_changed':
        return [sessionEvent('name.changed', { name: (event.name ?? '').slice(0, 200) })];
      default:
        return mapRecovery(event);
    }
  }

  #messageStarted({ message }: PiEvent<'message_start'>): UnnumberedSessionEvent[] {
    if (message.role !== 'assistant') return [];
    this.#messageId = `${this.#prefix}.${(this.#messageCount += 1)}`;
    const model = { provider: message.provider, id: message.model };
    return [sessionEvent('message.started', { messageId: this.#messageId, model })];
  }

  #messageUpdated(update: AssistantMessageEvent): UnnumberedSessionEvent[] {
    const messageId = this.#messageId;
    if (!messageId) return [];
    switch (update.type) {
      case 'text_delta':
        return [
          sessionEvent('message.delta', { messageId, index: update.contentIndex, kind: 'text', delta: update.delta }),
        ];
      case 'thinking_delta':
        return [
          sessionEvent('message.delta', {
            messageId,
            index: update.contentIndex,
            kind: 'thinking',
            delta: update.delta,
          }),
        ];
      case 'toolcall_start': {
        const call = update.partial.content[update.contentIndex];
        const named = call?.type === 'toolCall' ? { toolName: call.name, toolCallId: call.id } : {};
        return [
          sessionEvent('message.delta', {
            messageId,
            index: update.contentIndex,
            kind: 'toolCall',
            delta: '',
            ...named,
          }),
        ];
      }
      case 'toolcall_delta':
        return [
          sessionEvent('message.delta', {
            messageId,
            index: update.contentIndex,
            kind: 'toolCall',
            delta: update.delta,
          }),
        ];
      default:
        return [];
    }
  }

  #toolStarted({ toolCallId, toolName, args }: PiEvent<'tool_execution_start'>): UnnumberedSessionEvent[] {
    this.#tools.set(toolCallId, { startedMs: performance.now(), output: new ToolOutputDelta(this.#maxOutputBytes) });
    return [sessionEvent('tool.started', { toolCallId, toolName, args })];
  }

  #toolUpdated({ toolCallId, toolName, partialResult }: PiEvent<'tool_execution_update'>): UnnumberedSessionEvent[] {
    if (toolName === SUBAGENT && subagentChange.Check(partialResult))
      return [sessionEvent('subagent.changed', { toolCallId, ...partialResult.details })];
    const change = this.#tools.get(toolCallId)?.output.next(outputTexts(partialResult).join(''));
    return change ? [sessionEvent('tool.output', { toolCallId, ...change })] : [];
  }

  #toolFinished({ toolCallId, isError }: PiEvent<'tool_execution_end'>): UnnumberedSessionEvent[] {
    const startedMs = this.#tools.get(toolCallId)?.startedMs ?? performance.now();
    this.#tools.delete(toolCallId);
    const durationMs = Math.max(0, Math.round(performance.now() - startedMs));
    return [sessionEvent('tool.finished', { toolCallId, isError, durationMs })];
  }
}

/** Retries and compaction: one event for one. */
function mapRecovery(event: AgentSessionEvent): UnnumberedSessionEvent[] {
  switch (event.type) {
    case 'auto_retry_start': {
      const { attempt, maxAttempts, delayMs, errorMessage } = event;
      return [
        sessionEvent('retry.started', { attempt, maxAttempts, delayMs: Math.round(delayMs), error: errorMessage }),
      ];
    }
    case 'auto_retry_end':
      return [sessionEvent('retry.finished', { isSuccess: event.success, ...withError(event.finalError) })];
    case 'compaction_start':
      return [sessionEvent('compaction.started', { reason: event.reason })];
    case 'compaction_end':
      return [
        sessionEvent(
          'compaction.finished',
          needlessCompaction(event) ?? { isSuccess: event.result !== undefined, ...withError(compactionError(event)) },
        ),
      ];
    default:
      return [];
  }
}

/** pi tells by an error that there was nothing to do, which is none. */
const NEEDLESS = new Map([
  ['Nothing to compact (session too small)', 'Nothing to compact: the conversation is short enough to stay as it is.'],
  ['Already compacted', 'Nothing to compact: nothing was said since the last time.'],
]);

function needlessCompaction({ errorMessage = '' }: PiEvent<'compaction_end'>) {
  const error = NEEDLESS.get(errorMessage.replace(/^Compaction failed: /, ''));
  return error === undefined ? null : { isSuccess: false, isNeedless: true, error };
}

function compactionError(event: PiEvent<'compaction_end'>): string | undefined {
  return event.errorMessage ?? (event.aborted ? 'The compaction was aborted.' : undefined);
}

function withError(error: string | undefined): { error?: string } {
  return error === undefined ? {} : { error };
}
