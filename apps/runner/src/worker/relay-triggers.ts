import { EventEmitter, once } from 'node:events';
import type { TriggerRequests } from '@pizzapi/agent';
import { AgentTriggerAnswer, type AgentTriggerRequest } from '@pizzapi/protocol';
import { answerParser, MalformedAnswerError } from '../relay-link/answer.js';

/** Longer than a reconnection after a relay's restart; short enough for a model that waits for its tool. */
const PATIENCE_MS = 20_000;
const parseAnswer = answerParser('triggers:request', AgentTriggerAnswer);

type AskRelay = (request: AgentTriggerRequest) => Promise<unknown>;

/** The relay said no. The message is its own sentence. */
export class TriggerRequestRefusedError extends Error {
  constructor(
    readonly code: string,
    detail: string,
  ) {
    super(detail);
    this.name = 'TriggerRequestRefusedError';
  }
}

export class RelayNotReachedError extends Error {
  constructor(wasSent: boolean, cause: unknown) {
    super(
      wasSent
        ? 'The relay did not answer, so it is not known whether this was done. Look with list_trigger_subscriptions before you try again.'
        : 'This session is not connected to the relay; try again in a moment.',
      { cause },
    );
    this.name = 'RelayNotReachedError';
  }
}

/**
 * Takes the agent's trigger requests to the relay. A request that meets an interruption waits for the next connection
 * and goes again, within its time: every one may be repeated (`operationId`).
 */
export class RelayTriggers implements TriggerRequests {
  private ask: AskRelay | null = null;
  private readonly connections = new EventEmitter<{ attached: [] }>();

  constructor(private readonly patienceMs = PATIENCE_MS) {
    this.connections.setMaxListeners(0); // one per request that waits
  }

  /** The session is registered at the relay. */
  attach(ask: AskRelay): void {
    this.ask = ask;
    this.connections.emit('attached');
  }

  /** The connection is gone. */
  detach(): void {
    this.ask = null;
  }

  async request(request: AgentTriggerRequest, signal?: AbortSignal): Promise<AgentTriggerAnswer> {
    const patience = AbortSignal.timeout(this.patienceMs);
    const over = signal ? AbortSignal.any([patience, signal]) : patience;
    let wasSent = false;
    try {
      for (;;) {
        const ask = await this.whenAttached(over);
        wasSent = true;
        const asked = await this.attempt(ask, request, over);
        if (asked) return accepted(asked.answer);
      }
    } catch (error) {
      if (error instanceof TriggerRequestRefusedError || error instanceof MalformedAnswerError) throw error;
      if (signal?.aborted) throw new Error('The turn was stopped before the relay answered.', { cause: error });
      throw new RelayNotReachedError(wasSent, error);
    }
  }

  private async whenAttached(over: AbortSignal): Promise<AskRelay> {
    while (!this.ask) await once(this.connections, 'attached', { signal: over });
    return this.ask;
  }

  /** Null when the connection ended before the answer: the next one may take the request again. */
  private async attempt(
    ask: AskRelay,
    request: AgentTriggerRequest,
    over: AbortSignal,
  ): Promise<{ answer: unknown } | null> {
    try {
      return { answer: await unless(over, ask(request)) };
    } catch (error) {
      if (this.ask === ask || over.aborted) throw error;
      return null;
    }
  }
}

function accepted(answer: unknown): AgentTriggerAnswer {
  const parsed = parseAnswer(answer);
  if (!parsed.ok) throw new TriggerRequestRefusedError(parsed.problem.code, parsed.problem.detail);
  const { available, subscriptions, updated, removed } = parsed;
  return {
    ...(available && { available }),
    ...(subscriptions && { subscriptions }),
    ...(updated !== undefined && { updated }),
    ...(removed !== undefined && { removed }),
  };
}

/** The task's outcome, or a rejection as soon as the signal is aborted. */
function unless<T>(signal: AbortSignal, task: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(new Error('It took too long, or was stopped.'));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    void task.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
