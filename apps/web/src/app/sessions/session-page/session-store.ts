import { computed, linkedSignal, signal } from '@angular/core';
import type { ModelRef, SessionEvent, SessionView } from '@pizzapi/protocol';
import { asProblem } from '../../core/api/api-problem';
import { randomKey } from '../../core/api/random-key';
import type { SessionsApi } from '../../core/api/sessions-api';
import { readUntilFresh } from '../../core/read-until-fresh';
import { type FeedSink, SessionFeed, type ViewerPort } from '../../core/realtime/session-feed';
import type { Schedule } from '../../core/realtime/session-feed-frames';
import { applyEvents } from './conversation/apply-event';
import { applyInputs, applySnapshot, emptyConversation, resyncConversation } from './conversation/conversation';
import { goneFiles, goneText } from '../attaching/gone-files';
import {
  accepted,
  enqueue,
  failed,
  type Message,
  type Outbox,
  retried,
  settled,
  withdrawn,
} from './conversation/outbox';
import { readUnsent, writeUnsent } from './composer/unsent-storage';
import { keepIdentity } from './conversation/row-identity';
import type { Row } from './conversation/row';
import { joinRows, liveRows, settledRows } from './conversation/rows';
import { visibleItems } from './conversation/transcript-window';
import { TranscriptPager } from './transcript-pager';

const BRANCH_DELAY_MS = 100;

/** What a session's page asks the relay for. */
export type SessionCalls = Pick<
  SessionsApi,
  'abort' | 'continue' | 'editInput' | 'inputs' | 'removeInput' | 'send' | 'setModel' | 'transcript'
>;

/** One open session: its feed, its conversation and what this browser sends to it. */
export class SessionStore {
  private readonly state = signal(emptyConversation());
  private readonly sent = signal<Outbox>([]);
  private readonly watching = signal<readonly { userId: string; name: string }[]>([]);
  private readonly lost = signal<{ code: string; detail: string } | null>(null);
  private readonly feed: SessionFeed;
  /** No worker is attached, so no events report the queue: it is read by REST, again whenever the session's deliveries change. */
  private isAway = false;
  /** Reads the queue that waits at the relay. */
  private readonly readQueue = readUntilFresh(() => this.loadQueue());
  private branchTimer: ReturnType<typeof setTimeout> | undefined;
  readonly pager: TranscriptPager;

  readonly conversation = this.state.asReadonly();
  readonly outbox = this.sent.asReadonly();
  readonly viewers = this.watching.asReadonly();
  /** Why the session can't be watched: not ours, or gone. */
  readonly gone = this.lost.asReadonly();

  readonly window = computed(() => this.state().window);
  private readonly tools = computed(() => this.state().tools);
  private readonly durations = computed(() => this.state().durations);
  private readonly problems = computed(() => this.state().problems);
  // Deltas of a message leave the settled rows alone; only what is in progress is computed anew each frame.
  private readonly settledRows = linkedSignal<Row[], Row[]>({
    source: () =>
      settledRows({
        window: this.window(),
        tools: this.tools(),
        durations: this.durations(),
        problems: this.problems(),
      }),
    computation: (rows, previous) => keepIdentity(previous?.value ?? [], rows),
  });
  readonly rows = computed(() => {
    const conversation = this.state();
    return conversation.window.isJoined ? joinRows(this.settledRows(), liveRows(conversation)) : this.settledRows();
  });

  constructor(
    readonly sessionId: string,
    private readonly api: SessionCalls,
    port: ViewerPort,
    schedule: Schedule,
  ) {
    this.sent.set(readUnsent(sessionId));
    const sink: FeedSink = {
      resynced: (resync) => {
        this.lost.set(null);
        this.state.update((conversation) => resyncConversation(conversation, resync));
        this.settleOutbox();
        if (resync.nextSeq === 1 || this.isAway) void this.readQueue();
      },
      applied: (events) => {
        this.state.update((conversation) => applyEvents({ ...conversation, hasLoaded: true }, events));
        this.followBranch(events);
        this.settleOutbox();
        this.pager.trim();
      },
      viewersChanged: (viewers) => this.watching.set(viewers),
      deliveriesChanged: () => {
        if (this.isAway || this.showsWaiting) void this.readQueue();
      },
      detached: (code, detail) => this.lost.set({ code, detail }),
    };
    this.feed = new SessionFeed(port, sessionId, sink, schedule);
    this.pager = new TranscriptPager(
      (page) => api.transcript(sessionId, page),
      this.window,
      (change) => this.state.update((conversation) => ({ ...conversation, window: change(conversation.window) })),
    );
  }

  open(): void {
    this.feed.open();
    this.pager.setRead(true);
  }

  /** Keeps everything, so that coming back goes on from here. */
  close(): void {
    this.feed.close();
    this.pager.setRead(false);
    if (this.branchTimer === undefined) return;
    // Its cursor is beyond the change: coming back from there would show the branch of before.
    clearTimeout(this.branchTimer);
    this.branchTimer = undefined;
    this.feed.restart();
  }

  /** Takes over what REST says of the session, where no event is newer. */
  applySnapshot(session: SessionView): void {
    this.state.update((conversation) => applySnapshot(conversation, session));
  }

  /** Its worker attached or detached. Meanwhile, input waits at the relay. */
  attached(isAttached: boolean): void {
    this.isAway = !isAttached;
    if (this.isAway) void this.readQueue();
  }

  /** The queue shown came by REST, and no event has updated it: a worker that just attached is taking it over, or has done so. */
  private get showsWaiting(): boolean {
    const { queue } = this.state();
    return queue.isOfRelay === true && queue.value.length > 0;
  }

  /** Without a worker only REST knows what waits: above all the prompt that the session was created with. */
  private async loadQueue(): Promise<void> {
    const askedAt = this.state().queue.seq;
    try {
      const waiting = await this.api.inputs(this.sessionId);
      this.state.update((conversation) => applyInputs(conversation, waiting, askedAt));
      this.settleOutbox();
    } catch (error) {
      // The session itself is shown; its header and the connection line say what is wrong.
      console.warn('The waiting messages could not be read:', asProblem(error).message);
    }
  }

  send(message: Message): Promise<void> {
    const key = randomKey();
    const lastSeq = visibleItems(this.window()).at(-1)?.seq ?? 0;
    this.changeOutbox((outbox) => enqueue(outbox, key, message, lastSeq));
    return this.deliver(key, message);
  }

  /** Under the same key: if the first try did arrive after all, nothing is doubled. */
  retry(key: string): Promise<void> {
    const input = this.sent().find((candidate) => candidate.key === key);
    if (input === undefined) return Promise.resolve();
    this.changeOutbox((outbox) => retried(outbox, key));
    return this.deliver(key, input);
  }

  withdraw(key: string): void {
    this.changeOutbox((outbox) => withdrawn(outbox, key));
  }

  async editInput(inputId: string, text: string): Promise<void> {
    await this.api.editInput(this.sessionId, inputId, text);
    if (this.isAway) await this.readQueue();
  }
  async removeInput(inputId: string): Promise<void> {
    await this.api.removeInput(this.sessionId, inputId);
    if (this.isAway) await this.readQueue();
  }
  abort(): Promise<void> {
    return this.api.abort(this.sessionId);
  }
  continue(): Promise<void> {
    return this.api.continue(this.sessionId);
  }
  setModel(model: ModelRef): Promise<void> {
    return this.api.setModel(this.sessionId, model);
  }

  /** What is shown may not be on the new branch, so a new page is fetched, unless the one shown already takes that change into account. */
  private followBranch(events: readonly SessionEvent[]): void {
    const changed = events.findLast(({ type }) => type === 'branch.changed');
    if (changed === undefined || changed.seq <= this.state().branchSeq) return;
    clearTimeout(this.branchTimer);
    // The relay's page may lag behind the event; then the event is replayed after it, and this runs again.
    this.branchTimer = setTimeout(() => {
      this.branchTimer = undefined;
      this.feed.restart();
    }, BRANCH_DELAY_MS);
  }

  private async deliver(key: string, { text, deliverAs, attachments }: Message): Promise<void> {
    try {
      const ids = attachments?.map(({ attachmentId }) => attachmentId);
      const body = { text, deliverAs, ...(ids && { attachments: ids }) };
      const { inputId } = await this.api.send(this.sessionId, body, key);
      this.changeOutbox((outbox) => accepted(outbox, key, inputId));
      this.settleOutbox();
      if (this.isAway) void this.readQueue();
    } catch (error) {
      const problem = asProblem(error);
      const gone = goneFiles(problem, attachments);
      const words = gone.length === 0 ? problem.message : goneText(gone);
      const ids = gone.map(({ attachmentId }) => attachmentId);
      this.changeOutbox((outbox) => failed(outbox, key, words, ids));
    }
  }

  private settleOutbox(): void {
    const { window, queue } = this.state();
    if (this.sent().length > 0) this.changeOutbox((outbox) => settled(outbox, window.tail, queue.value));
  }

  private changeOutbox(change: (outbox: Outbox) => Outbox): void {
    this.sent.update(change);
    writeUnsent(this.sessionId, this.sent());
  }
}
