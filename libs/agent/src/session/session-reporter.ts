import type { AgentSession, AgentSessionEvent, SessionEntry } from '@earendil-works/pi-coding-agent';
import type { Activity, QueueState, SessionEventData, SessionOffer, UnnumberedSessionEvent } from '@pizzapi/protocol';
import { DeltaCoalescer } from '../events/delta-coalescer.js';
import { mapEntry } from '../events/map-entry.js';
import { PiEventMapper } from '../events/map-pi-event.js';
import { sessionEvent } from '../events/session-event.js';
import { UsageMeter } from '../events/usage-meter.js';
import { ownEntries } from '../session-file/forked-entries.js';
import { hasBranches, toldBefore, toldLeaf } from './branches.js';
import { EntryFeed } from './entry-feed.js';

/** What the session knows of itself when it is opened. */
interface OpenedState {
  queue: QueueState;
  offer: SessionOffer;
  isInterrupted: boolean;
}

export interface ReporterOptions {
  epoch: number;
  /** How much of a tool's output is told. */
  maxOutputBytes: number;
  emit: (event: UnnumberedSessionEvent) => void;
}

/** Tells what happens in one session, as session events in order. Nothing goes out before {@link open}. */
export class SessionReporter {
  readonly #session: AgentSession;
  readonly #events: DeltaCoalescer;
  readonly #mapper: PiEventMapper;
  readonly #feed: EntryFeed;
  readonly #maxOutputBytes: number;
  readonly #usage = new UsageMeter();
  #activity: Activity = 'idle';
  /** What a hook says that is waited for. */
  #status: string | null = null;
  /** What happened before it was opened, as when an extension speaks at start. */
  #early: UnnumberedSessionEvent[] | null = [];

  constructor(session: AgentSession, { epoch, maxOutputBytes, emit }: ReporterOptions) {
    this.#session = session;
    this.#maxOutputBytes = maxOutputBytes;
    this.#events = new DeltaCoalescer((event) => (this.#early ? this.#early.push(event) : emit(event)));
    this.#mapper = new PiEventMapper(String(epoch), maxOutputBytes);
    for (const entry of ownEntries(session.sessionManager.getEntries())) this.#usage.add(entry);
    this.#feed = new EntryFeed(session.sessionManager);
  }

  /** The state in which the session was opened. */
  open(opened: SessionEventData<'session.opened'>, { queue, offer, isInterrupted }: OpenedState): void {
    this.#events.flush();
    const early = this.#early ?? [];
    this.#early = null;
    this.emit(sessionEvent('session.opened', opened));
    this.#emitModel();
    const { sessionName } = this.#session;
    if (sessionName) this.emit(sessionEvent('name.changed', { name: sessionName.slice(0, 200) }));
    this.#emitUsage();
    this.emit(sessionEvent('queue.changed', queue));
    this.emit(sessionEvent('commands.changed', offer));
    this.emit(sessionEvent('activity.changed', { activity: this.#activity }));
    // In case the relay has lost it.
    if (hasBranches(this.#session.sessionManager)) this.branch();
    if (isInterrupted) this.emit(sessionEvent('turn.interrupted', {}));
    for (const event of early) this.#events.push(event);
  }

  /** Tells what an event of pi shows of something in progress. */
  progress(event: AgentSessionEvent): void {
    for (const mapped of this.#mapper.map(event)) this.#events.push(mapped);
  }

  /** Tells what the session's file has gained, and returns it. */
  newEntries(): SessionEntry[] {
    const entries = this.#feed.takeNew();
    for (const entry of entries) {
      const mapped = mapEntry(entry, this.#maxOutputBytes);
      if (mapped) {
        const parentId = toldBefore(this.#session.sessionManager, entry);
        this.emit(sessionEvent('entry.appended', { ...mapped, parentId, ...this.#settledMessage(entry) }));
      }
      if (this.#usage.add(entry)) this.#emitUsage();
      if (entry.type === 'model_change') this.#emitModel();
    }
    return entries;
  }

  /** The conversation goes on from elsewhere. */
  branch(): void {
    this.emit(sessionEvent('branch.changed', { leafId: toldLeaf(this.#session.sessionManager) }));
    this.#emitUsage();
  }

  activity(activity: Activity): void {
    if (this.#activity === activity) return;
    this.#activity = activity;
    if (activity === 'idle') this.#status = null;
    this.#emitActivity();
  }

  /** What people read while hooks are waited for. */
  status(status: string | null): void {
    // Told once more, that it rests would count as another end of its work.
    if (this.#activity === 'idle' || this.#status === status) return;
    this.#status = status;
    this.#emitActivity();
  }

  emit(event: UnnumberedSessionEvent): void {
    this.#events.push(event);
  }

  #settledMessage(entry: SessionEntry): { messageId?: string } {
    const messageId = entry.type === 'message' ? this.#mapper.messageIdOf(entry.message) : undefined;
    return messageId === undefined ? {} : { messageId };
  }

  #emitActivity(): void {
    const status = this.#status === null ? {} : { status: this.#status };
    this.emit(sessionEvent('activity.changed', { activity: this.#activity, ...status }));
  }

  #emitModel(): void {
    const { model } = this.#session;
    if (!model) return;
    const { provider, id, name, contextWindow } = model;
    this.emit(sessionEvent('model.changed', { model: { provider, id }, name, contextWindow }));
  }

  #emitUsage(): void {
    this.emit(sessionEvent('usage.changed', { usage: this.#usage.total(this.#session.getContextUsage()) }));
  }
}
