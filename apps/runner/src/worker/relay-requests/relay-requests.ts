import { EventEmitter, once } from 'node:events';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { type Refusal, RelayRefusedError } from '../../relay-link/refusal.js';
import { answerParser, MalformedAnswerError, type ParsedAnswer } from '../../relay-link/answer.js';

/** Longer than a reconnection after a relay's restart; short enough for a model that waits for its tool. */
const PATIENCE_MS = 20_000;

type AskRelay<Q> = (request: Q) => Promise<unknown>;

export interface RelayRequestsOptions<S extends TSchema> {
  /** The socket message. */
  message: string;
  answer: S;
  /** The tool with which the agent sees what was done. Absent: nothing is done. */
  lookWith?: string;
  patienceMs?: number;
}

export class RelayNotReachedError extends Error {
  constructor(wasSent: boolean, lookWith: string | undefined, cause: unknown) {
    super(
      wasSent && lookWith !== undefined
        ? `The relay did not answer, so it is not known whether this was done. Look with ${lookWith} before you try again.`
        : 'This session is not connected to the relay; try again in a moment.',
      { cause },
    );
    this.name = 'RelayNotReachedError';
  }
}

/**
 * Takes one kind of the agent's requests to the relay. A request that meets an interruption waits for the next connection
 * and goes again, within its time: every one must be such that it may be repeated.
 */
export class RelayRequests<Q, S extends TSchema> {
  private ask: AskRelay<Q> | null = null;
  private readonly connections = new EventEmitter<{ attached: [] }>();
  private readonly parse: (answer: unknown) => ParsedAnswer<Static<S>>;

  constructor(private readonly options: RelayRequestsOptions<S>) {
    this.connections.setMaxListeners(0); // one per request that waits
    this.parse = answerParser(options.message, options.answer);
  }

  /** The session is registered at the relay. */
  attach(ask: AskRelay<Q>): void {
    this.ask = ask;
    this.connections.emit('attached');
  }

  /** The connection is gone. */
  detach(): void {
    this.ask = null;
  }

  /**
   * @param signal the person stopped the turn; the answer is no longer wanted
   * @throws Error whose message the model reads as it is: RelayRefusedError, RelayNotReachedError, MalformedAnswerError
   */
  async request(request: Q, signal?: AbortSignal): Promise<Static<S>> {
    const patience = AbortSignal.timeout(this.options.patienceMs ?? PATIENCE_MS);
    const over = signal ? AbortSignal.any([patience, signal]) : patience;
    let wasSent = false;
    try {
      for (;;) {
        const ask = await this.whenAttached(over);
        wasSent = true;
        const asked = await this.attempt(ask, request, over);
        if (asked) return this.accepted(asked.answer);
      }
    } catch (error) {
      if (error instanceof RelayRefusedError || error instanceof MalformedAnswerError) throw error;
      if (signal?.aborted) throw new Error('The turn was stopped before the relay answered.', { cause: error });
      throw new RelayNotReachedError(wasSent, this.options.lookWith, error);
    }
  }

  private async whenAttached(over: AbortSignal): Promise<AskRelay<Q>> {
    while (!this.ask) await once(this.connections, 'attached', { signal: over });
    return this.ask;
  }

  /** Null when the connection ended before the answer: the next one may take the request again. */
  private async attempt(ask: AskRelay<Q>, request: Q, over: AbortSignal): Promise<{ answer: unknown } | null> {
    try {
      return { answer: await unless(over, ask(request)) };
    } catch (error) {
      if (this.ask === ask || over.aborted) throw error;
      return null;
    }
  }

  private accepted(answer: unknown): Static<S> {
    const parsed = this.parse(answer);
    const refusal = refusalOf(parsed);
    if (refusal) throw new RelayRefusedError(refusal);
    const { answer: schema } = this.options;
    return Value.Parse(schema, Value.Clean(schema, structuredClone(parsed))); // without what a newer relay says besides
  }
}

function refusalOf(answer: ParsedAnswer<object>): Refusal | null {
  return answer.ok ? null : answer.problem;
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
