import { type SubagentChange, SubagentLimits, type SubagentCall, type SubagentUsage } from '@pizzapi/protocol';
import { textOfBlocks } from '../../events/text-blocks.js';
import { callObject } from '../child/call-object.js';
import { type ChildEvent, type FinishedMessage } from '../child/child-events.js';
import { SubagentFailedError } from '../subagent-error.js';

type Change = SubagentChange['change'];

/** Follows one subagent: what it does, what it uses, and its latest answer. */
export class StepWatch {
  readonly #tell: (change: Change) => void;
  readonly #running = new Map<string, SubagentCall>();
  #callCount = 0;
  #words = '';
  #usage: SubagentUsage = { turns: 0, input: 0, output: 0, cacheRead: 0, cacheWrite: 0, costUsd: 0 };
  #last: FinishedMessage | null = null;

  constructor(tell: (change: Change) => void) {
    this.#tell = tell;
  }

  note(event: ChildEvent): void {
    switch (event.type) {
      case 'message_update':
        return this.#say(this.#words + event.assistantMessageEvent.delta);
      case 'tool_execution_start':
        return this.#callStarted(event.toolCallId, event.toolName, event.args);
      case 'tool_execution_end':
        return this.#callEnded(event.toolCallId, event.isError);
      case 'message_end':
        return this.#messageEnded(event.message);
      case 'auto_retry_start':
        return this.#say(
          `The model failed, try ${event.attempt} of ${event.maxAttempts} follows: ${event.errorMessage}`,
        );
    }
  }

  /**
   * What the agent answered last.
   * @throws SubagentFailedError when its model failed, or it said nothing
   */
  answer(): string {
    const last = this.#last;
    if (last === null) throw new SubagentFailedError('The subagent ended without a word.');
    if (last.stopReason === 'error' || last.stopReason === 'aborted')
      throw new SubagentFailedError(`The subagent's model failed: ${last.errorMessage ?? last.stopReason}.`);
    const text = textOfBlocks(last.content).trim();
    if (text === '') throw new SubagentFailedError('The subagent ended without an answer.');
    return last.stopReason === 'length' ? `${text}\n[The answer reached the model's limit and ends here.]` : text;
  }

  /** The last words of a subagent that was ended: what is still running is not any more. */
  close(): void {
    const calls = [...this.#running.values()].map((call) => ({ ...call, state: 'failed' as const }));
    this.#running.clear();
    this.#tell({ words: '', ...(calls.length > 0 && { calls }) });
  }

  #say(words: string): void {
    // Only the end is shown; a long message must not be copied whole with each word.
    this.#words = words.slice(-SubagentLimits.shownWords);
    this.#tell({ words: this.#words });
  }

  #callStarted(callId: string, toolName: string, args: unknown): void {
    const call: SubagentCall = { callId, toolName, object: callObject(args), state: 'running' };
    this.#running.set(callId, call);
    this.#callCount += 1;
    this.#tell({ calls: [call], callCount: this.#callCount });
  }

  #callEnded(callId: string, isError: boolean): void {
    const call = this.#running.get(callId);
    if (!call) return;
    this.#running.delete(callId);
    this.#tell({ calls: [{ ...call, state: isError ? 'failed' : 'done' }] });
  }

  #messageEnded(message: FinishedMessage): void {
    this.#last = message;
    this.#words = '';
    const { input, output, cacheRead, cacheWrite, cost } = message.usage;
    const before = this.#usage;
    this.#usage = {
      turns: before.turns + 1,
      input: before.input + input,
      output: before.output + output,
      cacheRead: before.cacheRead + cacheRead,
      cacheWrite: before.cacheWrite + cacheWrite,
      costUsd: before.costUsd + cost.total,
    };
    this.#tell({ usage: this.#usage, words: '' });
  }
}
