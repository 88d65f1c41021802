import type { AgentSession, AgentSessionEvent, SessionEntry } from '@earendil-works/pi-coding-agent';
import {
  type ApprovalAnswer,
  type ApprovalPerson,
  type BranchPoint,
  type FoundFiles,
  type InboxItem,
  type ModelRef,
  type OutputPiece,
  ProblemCode,
  type QueuedInput,
  type SessionEventData,
  type UnnumberedSessionEvent,
} from '@pizzapi/protocol';
import type { ApprovalDesk, HandingUp } from '../approvals/approval-desk.js';
import type { ApprovalPolicy } from '../approvals/approval-policy.js';
import { AttachedFiles } from '../attachments/attached-files.js';
import type { AttachmentFiles } from '../attachments/attachment-files.js';
import { attachmentsIn } from '../attachments/attachments-in.js';
import { SessionBusyError, SessionClosedError } from '../errors/agent-error.js';
import { usableModel } from '../models/usable-model.js';
import { recoveredEntries } from '../events/map-entry.js';
import { sessionEvent } from '../events/session-event.js';
import { readOutput } from '../outputs/read-output.js';
import type { SessionFile } from '../session-file/open-session-file.js';
import { askExtensions, changeBranch, toldBefore } from './branches.js';
import { DeliveryQueue } from './delivery-queue.js';
import { closeInterruptedTurn } from './interrupted-turn.js';
import { nameByTrigger } from './name-by-trigger.js';
import { goOnAfterAnswers } from './resumed-turn.js';
import { SessionReporter } from './session-reporter.js';
import type { SessionSurroundings } from './session-surroundings.js';
import { tellQuestions } from './tell-questions.js';
import { TurnDriver } from './turn-driver.js';
import { TurnLoop } from './turn-loop.js';

export interface AgentHostParts {
  session: AgentSession;
  file: SessionFile;
  desk: ApprovalDesk;
  attachments: AttachmentFiles | null;
  surroundings: SessionSurroundings;
  epoch: number;
  maxOutputBytes: number;
  emit: (event: UnnumberedSessionEvent) => void;
}

export type CloseReason = SessionEventData<'session.closed'>['reason'];

/**
 * One session's agent: takes deliveries, runs turns, and tells what happens as session events.
 *
 * The queue is this object's own; {@link TurnLoop} hands pi one item at a time.
 *
 * After an abort, a model error that outlived pi's retries, or an interrupted turn, nothing runs by itself: what is
 * queued stays where people see it and can change it, until the next delivery or {@link continueTurn} releases it, in
 * order. An abort means "stop", and each queued item would meet the same broken model.
 *
 * An error of the file (no space, another process has taken it) is final: the process should end and open the session again.
 * A file that another process has taken is written to no more; the turn that runs breaks off.
 */
export class AgentHost {
  readonly #session: AgentSession;
  readonly #file: SessionFile;
  readonly #desk: ApprovalDesk;
  readonly #surroundings: SessionSurroundings;
  readonly #epoch: number;
  readonly #maxOutputBytes: number;
  readonly #reporter: SessionReporter;
  readonly #driver: TurnDriver;
  readonly #attached: AttachedFiles;
  readonly #queue: DeliveryQueue;
  readonly #turns: TurnLoop;
  readonly #unsubscribe: () => void;

  constructor({ session, file, desk, attachments, surroundings, epoch, maxOutputBytes, emit }: AgentHostParts) {
    this.#session = session;
    this.#file = file;
    this.#desk = desk;
    this.#surroundings = surroundings;
    this.#epoch = epoch;
    this.#maxOutputBytes = maxOutputBytes;
    this.#attached = new AttachedFiles(session, attachments);
    this.#driver = new TurnDriver(session, this.#attached);
    // pi may have waited for long since it last wrote something, as between its retries.
    this.#driver.checkCalls(() => file.requireHeld());
    // Before anything reads the file.
    const isInterrupted = closeInterruptedTurn(session, desk);
    this.#queue = new DeliveryQueue(session.sessionManager, surroundings.commands, () => this.#emitQueue());
    this.#reporter = new SessionReporter(session, { epoch, maxOutputBytes, emit });
    this.#turns = new TurnLoop({
      session,
      driver: this.#driver,
      queue: this.#queue,
      reporter: this.#reporter,
      isInterrupted,
      hear: (text) => surroundings.hear(text),
      handled: (item) => this.#noteHandled(item),
      readFile: () => this.#readFile(),
    });
    tellQuestions(desk, { reporter: this.#reporter, turns: this.#turns, readFile: () => this.#readFile() });
    this.#unsubscribe = session.subscribe((event) => this.#onPiEvent(event));
  }

  /** The session's file. */
  get path(): string {
    return this.#file.path;
  }

  /** @param listener called at the moment in which this process sees that another one has taken the file; it should {@link close} this */
  onFileLost(listener: () => void): void {
    this.#file.onLost = listener;
  }

  /** Whether nothing runs, nothing waits and nothing was cut off: closed now and opened later, it would be the same. */
  get isAtRest(): boolean {
    return this.#turns.isAtRest && !this.#desk.isWaiting && this.#surroundings.isAtRest;
  }

  /** What waits, as viewers see it. */
  get queue(): QueuedInput[] {
    return this.#queue.view.inputs;
  }

  /** Makes ready what messages bring that an earlier process received. Call before {@link start}. */
  restoreAttachments(): Promise<void> {
    return this.#attached.restore(this.#queue.items);
  }

  /**
   * Tells the state of things and begins to work. Until then nothing is emitted and nothing runs, so that the caller
   * can first send what {@link entriesAfter} says the relay lacks.
   */
  start(): void {
    const opened = { epoch: this.#epoch, isResumed: !this.#file.isNew };
    this.#reporter.open(opened, {
      queue: this.#queue.view,
      offer: this.#surroundings.offer,
      isInterrupted: this.#turns.isInterrupted,
    });
    this.#surroundings.start({
      emit: (event) => this.#reporter.emit(event),
      problem: (code, detail) => this.raiseError(code, detail),
      failed: (error) => this.#turns.onFailure(error),
      noted: () => this.#readFile(),
      status: (status) => this.#reporter.status(status),
      wake: (text) => this.#turns.wake(text),
    });
    if (this.#desk.resumed.length === 0) return this.#turns.start();
    const parts = { session: this.#session, desk: this.#desk, driver: this.#driver, turns: this.#turns };
    this.#turns.start(() => goOnAfterAnswers({ ...parts, readFile: () => this.#readFile() }));
    this.#desk.resume();
  }

  /**
   * The entries of the file after the given one, for a relay that lacks them; all of them when the file does not know
   * it. They include what this object has emitted since: a caller that still keeps those events drops them by entry id.
   */
  entriesAfter(entryId: string | null): SessionEventData<'entry.appended'>[] {
    const { sessionManager } = this.#session;
    const maxOutputBytes = this.#maxOutputBytes;
    const parentOf = (entry: SessionEntry): string | null => toldBefore(sessionManager, entry);
    return recoveredEntries(sessionManager.getEntries(), entryId, { parentOf, maxOutputBytes });
  }

  /**
   * Takes deliveries. Each goes whole into the session's file, unless the file holds its id already.
   * Resolves once they are on the disk, with their files: only then may the relay forget them.
   * @throws SessionClosedError, AttachmentsAwayError when the relay must bring them again; SessionFileLostError
   */
  async receive(items: InboxItem[]): Promise<void> {
    if (this.#turns.isClosing) throw new SessionClosedError();
    if (items.some(({ attachments }) => attachments !== undefined)) {
      await this.#attached.prepare(items);
      if (this.#turns.isClosing) throw new SessionClosedError();
    }
    this.#file.requireHeld();
    nameByTrigger(this.#session, items);
    if (this.#queue.receive(items)) this.#turns.release();
    await this.#file.sync();
    this.#turns.next();
  }

  /** Changes an input that waits. @throws InputDeliveredError when the agent has it already. */
  editInput(inputId: string, text: string): void {
    this.#queue.edit(inputId, text);
  }

  /** Takes back an input that waits. @throws InputDeliveredError when the agent has it already. */
  removeInput(inputId: string): void {
    const arriving = this.#attached.arriving(inputId);
    // The file is to know of it, or it would be there again when its files are here, or when the relay brings it again.
    if (arriving) this.#queue.receive([arriving]);
    this.#queue.remove(inputId);
  }

  /** The organisation's policy has changed: these rules hold from the next call on. */
  setApprovals(approvals: ApprovalPolicy): void {
    this.#desk.followPolicy(approvals);
    this.#surroundings.setApprovals(approvals);
  }

  /** The sandbox has changed: tells its state. */
  tellSandbox(): void {
    this.#surroundings.tellSandbox((event) => this.#reporter.emit(event));
  }

  /**
   * A person's answer to a question of this session. The first counts.
   * @throws ApprovalUnknownError, ApprovalAnsweredError, AnswerMissingError
   */
  answerApproval(approvalId: string, answer: ApprovalAnswer, by: ApprovalPerson): void {
    this.#desk.answer(approvalId, answer, by);
  }

  /** A parent session hands a question of this one to people. @throws as {@link answerApproval} */
  handUpApproval(approvalId: string, by: HandingUp): void {
    this.#desk.handUp(approvalId, by);
  }

  /** Stops the running turn; resolves when the agent is idle. What is queued waits (see above). */
  async abort(): Promise<void> {
    await this.#turns.abort(() => {
      this.#desk.abortResumed();
      this.#surroundings.abort(this.#turns.isClosing);
    });
  }

  /**
   * Goes on with an interrupted turn, or releases what an abort or an error left queued. Does not wait for its end.
   *
   * @throws NothingToContinueError when there is neither.
   */
  continueTurn(): void {
    this.#turns.continue();
  }

  /**
   * The conversation goes on from elsewhere in the session's tree; what is left stays in the file.
   * @throws SessionBusyError while the agent works, EntryUnknownError, NoMessageError, BranchRefusedError
   */
  async branch(entryId: string, at: BranchPoint): Promise<void> {
    this.#refuseWhileBusy();
    await askExtensions(this.#session, entryId, at);
    // Somebody may have said something meanwhile.
    this.#refuseWhileBusy();
    changeBranch(this.#session, entryId, at);
    this.#turns.forgetInterruption();
    this.#readFile();
    this.#reporter.branch();
  }

  #refuseWhileBusy(): void {
    if (this.#turns.isRunning || this.#turns.isClosing) throw new SessionBusyError();
  }

  /** Changes the model from the next call on. @throws ModelUnknownError when it is not set up here. */
  async setModel(wanted: ModelRef): Promise<void> {
    await this.#session.setModel(await usableModel(this.#session.modelRuntime, wanted));
    this.#readFile();
  }

  /** Files of the working folder that fit what was typed, the best first. @throws FilesUnlistedError */
  findFiles(query: string, limit: number): Promise<FoundFiles> {
    return this.#surroundings.findFiles(query, limit);
  }

  /** A piece of what a finished tool call put out, all of which the file has. @throws EntryUnknownError, NoToolOutputError */
  readOutput(entryId: string, from: number): OutputPiece {
    return readOutput(this.#session.sessionManager, entryId, from);
  }

  /** Tells of something that went wrong beside the conversation. */
  raiseError(code: ProblemCode, detail: string): void {
    this.#reporter.emit(sessionEvent('error.raised', { code, detail }));
  }

  setName(name: string): void {
    this.#session.setSessionName(name);
  }

  /**
   * Ends. `stopped` aborts the turn; after `shutdown` or `failed` the file shows it as interrupted, so that it can go
   * on later. Emits `session.closed` last and gives the file free.
   */
  async close(reason: CloseReason): Promise<void> {
    if (this.#turns.isClosing) return;
    this.#turns.close();
    if (reason === 'stopped') await this.abort();
    this.#readFile();
    this.#unsubscribe();
    const { extensionRunner } = this.#session;
    if (extensionRunner.hasHandlers('session_shutdown'))
      await extensionRunner.emit({ type: 'session_shutdown', reason: 'quit' });
    // In the tick in which the turn is aborted, so that it does not go on with the refusal.
    const { isLost } = this.#file;
    if (reason === 'stopped' && !isLost) this.#desk.close('The session was stopped.');
    else this.#desk.suspend("The session's worker was shut down.", isLost);
    this.#surroundings.abort(true);
    this.#session.dispose();
    await this.#turns.ended();
    await this.#surroundings.close(reason === 'stopped');
    this.#reporter.emit(sessionEvent('session.closed', { reason }));
    this.#file.release();
  }

  #onPiEvent(event: AgentSessionEvent): void {
    if (event.type === 'message_update' || event.type === 'tool_execution_update') {
      this.#reporter.progress(event);
      return;
    }
    this.#readFile();
    this.#reporter.progress(event);
    if (event.type === 'message_end') queueMicrotask(() => this.#readFile()); // pi stores it right after it tells us
    this.#turns.onPiEvent(event);
  }

  #readFile(): void {
    for (const entry of this.#reporter.newEntries()) {
      this.#queue.note(entry);
      this.#attached.forget(attachmentsIn(entry));
    }
  }

  #noteHandled(item: InboxItem): void {
    this.#queue.markHandled(item);
    const unseen = this.#attached.unseen(item);
    if (unseen !== null) this.raiseError(ProblemCode.commandTakesNoFiles, unseen);
  }

  #emitQueue(): void {
    if (this.#turns.isStarted) this.#reporter.emit(sessionEvent('queue.changed', this.#queue.view));
  }
}
