import type { AgentSession, AgentSessionEvent } from '@earendil-works/pi-coding-agent';
import { type InboxItem, ProblemCode } from '@pizzapi/protocol';
import { AgentError, NothingToContinueError } from '../errors/agent-error.js';
import { sessionEvent } from '../events/session-event.js';
import { storeAbortedAnswer } from './aborted-answer.js';
import type { HeardPrompt } from '../plugins/hooks/hear-prompt.js';
import { deliveryText } from '../queue/delivery-message.js';
import type { DeliveryQueue } from './delivery-queue.js';
import type { SessionReporter } from './session-reporter.js';
import { hasFailed, TurnAbortedError, type TurnDriver } from './turn-driver.js';

export interface TurnLoopParts {
  session: AgentSession;
  driver: TurnDriver;
  queue: DeliveryQueue;
  reporter: SessionReporter;
  /** The session's file ends in the middle of a turn. */
  isInterrupted: boolean;
  /** What hooks make of what is said into a running turn. */
  hear: (text: string) => Promise<HeardPrompt>;
  /** The item was done without a message, as by an extension's command. */
  handled: (item: InboxItem) => void;
  /** Takes into account what the session's file has gained. */
  readFile: () => void;
}

/**
 * Which turn runs, and what begins the next one.
 *
 * A `steer` enters before the next model call of the running turn; everything else begins a turn of its own when the
 * one before has ended, in the order of arrival. After an abort, a model error that outlived pi's retries, or an
 * interrupted turn, what is queued is held until something new arrives or {@link continue} releases it.
 */
export class TurnLoop {
  readonly #parts: TurnLoopParts;
  readonly #session: AgentSession;

  #isStarted = false;
  #isClosing = false;
  #isInterrupted: boolean;
  /** Nothing is handed over until a person or a delivery releases it. */
  #isHeld: boolean;
  #isAborting = false;
  /** Something new arrived after the abort: the person stopped one thing to say another. */
  #isReleased = false;
  #hasFailed = false;
  #turn: Promise<void> | null = null;
  /** What hooks said in the background, and the agent has not read yet. */
  readonly #wakes: string[] = [];

  constructor(parts: TurnLoopParts) {
    this.#parts = parts;
    this.#session = parts.session;
    this.#isInterrupted = parts.isInterrupted;
    this.#isHeld = parts.isInterrupted;
    parts.driver.beforeCalls(() => this.#handOverSteer());
  }

  get isStarted(): boolean {
    return this.#isStarted;
  }

  get isClosing(): boolean {
    return this.#isClosing;
  }

  get isAborting(): boolean {
    return this.#isAborting;
  }

  /** A turn was cut off and may be gone on with. */
  get isInterrupted(): boolean {
    return this.#isInterrupted;
  }

  /** A turn runs, ours or one that an extension began. */
  get isRunning(): boolean {
    return this.#turn !== null || !this.#session.isIdle;
  }

  /** Whether nothing runs, nothing waits to be handed over and nothing was cut off. */
  get isAtRest(): boolean {
    const isEmpty = this.#parts.queue.isEmpty && this.#wakes.length === 0;
    return !this.isRunning && isEmpty && !this.#isInterrupted && !this.#isAborting;
  }

  /** Nothing runs before this. @param resumed what is left of a turn that an earlier worker began */
  start(resumed?: () => Promise<void>): void {
    this.#isStarted = true;
    if (resumed) this.#run(resumed);
    else this.next();
  }

  /** Something new has arrived, and releases what was held. */
  release(): void {
    this.#isHeld = false;
    this.#isReleased = this.#isAborting;
  }

  /** The agent is to read this: in the turn that runs, or in one of its own. After an abort it waits, as everything does. */
  wake(text: string): void {
    if (this.#isClosing) return;
    this.#wakes.push(text);
    this.next();
  }

  /** Begins the next turn if there is one to begin. */
  next(): void {
    if (!this.#isStarted || this.#isClosing || this.#isHeld || this.isRunning) return;
    const { queue, driver, reporter } = this.#parts;
    const item = queue.takeNext();
    const wakes = item ? [] : this.#wakes.splice(0);
    if (wakes.length > 0) return this.#run(() => driver.wake(wakes.join('\n\n')));
    if (!item) {
      reporter.activity('idle');
      return;
    }
    this.#run(async () => {
      if ((await driver.start(item)) === 'handled') this.#parts.handled(item);
    });
  }

  /**
   * Goes on with an interrupted turn, or with what is held. Does not wait for its end.
   * @throws NothingToContinueError when there is neither.
   */
  continue(): void {
    if (this.isRunning) return;
    this.#isHeld = false;
    if (this.#isInterrupted) this.#run(() => this.#parts.driver.continue());
    else if (this.#parts.queue.isEmpty) throw new NothingToContinueError();
    else this.next();
  }

  /** The conversation goes on from elsewhere: what was cut off is left behind. */
  forgetInterruption(): void {
    this.#isInterrupted = false;
  }

  /** Stops the running turn; resolves when the agent is idle. @param others ends what runs for the turn beside pi */
  async abort(others: () => void): Promise<void> {
    if (!this.isRunning) return;
    this.#isAborting = true;
    const turn = this.#turn;
    others();
    await this.#parts.driver.abort();
    if (turn) await turn;
    else this.#isAborting = false;
  }

  /** Nothing begins any more. */
  close(): void {
    this.#isClosing = true;
  }

  /** The end of the turn that runs, if one does. */
  async ended(): Promise<void> {
    await this.#turn;
  }

  /** The agent no longer waits for people: tells what it does instead. */
  tellActivity(): void {
    if (!this.#isClosing) this.#parts.reporter.activity(this.#turn ? 'working' : 'idle');
  }

  /** Call it once the session's file has been read for this event. */
  onPiEvent(event: AgentSessionEvent): void {
    if (event.type === 'agent_start') this.#parts.reporter.activity('working');
    if (event.type === 'turn_end') this.#hasFailed = hasFailed(event.message);
    // A turn that an extension began: ours end in #run.
    if (event.type === 'agent_settled' && !this.#turn) setImmediate(() => this.#afterTurn());
  }

  onFailure(error: unknown): void {
    this.#hasFailed = true;
    if (this.#isClosing) return;
    // pi has stored no end of it, and a parent session waits for one.
    if (error instanceof TurnAbortedError) return storeAbortedAnswer(this.#session);
    const code = error instanceof AgentError ? error.code : ProblemCode.internal;
    const detail = error instanceof Error ? error.message : String(error);
    this.#parts.reporter.emit(sessionEvent('error.raised', { code, detail }));
  }

  /** Puts the next steer that hooks let pass before the model's next call. */
  async #handOverSteer(): Promise<void> {
    const { queue, driver, hear } = this.#parts;
    if (!this.#isAborting && !this.#isClosing) for (const wake of this.#wakes.splice(0)) driver.tell(wake);
    while (!this.#isHeld && !this.#isAborting && !this.#isClosing) {
      const item = queue.takeSteer();
      if (!item) return;
      const { isBlocked, context } = await hear(deliveryText(item));
      if (!isBlocked) return driver.steer(item, context);
      queue.markHandled(item);
    }
  }

  #run(turn: () => Promise<void>): void {
    this.#isInterrupted = false;
    this.#hasFailed = false;
    this.#parts.reporter.activity('working');
    this.#turn = turn()
      .catch((error: unknown) => this.onFailure(error))
      .then(() => {
        this.#turn = null;
        this.#afterTurn();
      });
  }

  #afterTurn(): void {
    if (this.#isClosing) return;
    const { queue, reporter, readFile } = this.#parts;
    readFile();
    if (queue.takeBackLost()) this.#session.agent.clearAllQueues();
    if ((this.#isAborting || this.#hasFailed) && !this.#isReleased) this.#isHeld = !queue.isEmpty;
    this.#isAborting = false;
    this.#isReleased = false;
    if (this.#isHeld) reporter.activity('idle');
    else this.next();
  }
}
