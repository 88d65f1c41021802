import type { InboxItem, ModelRef, SessionEventData } from '@pizzapi/protocol';

/** A finished entry of the session's file, as an event without a number. */
export interface EntryEvent {
  type: 'entry.appended';
  ts: string;
  data: SessionEventData<'entry.appended'>;
}

/** What a worker needs of an agent; `@pizzapi/agent` gives it. */
export interface AgentSession {
  /** Resolves once the deliveries are in the session's file; those it already holds are skipped. */
  receive(items: InboxItem[]): Promise<unknown>;
  editInput(inputId: string, text: string): Promise<unknown> | unknown;
  removeInput(inputId: string): Promise<unknown> | unknown;
  abort(): Promise<unknown> | unknown;
  continueTurn(): Promise<unknown> | unknown;
  setModel(model: ModelRef): Promise<unknown> | unknown;
  setName(name: string): Promise<unknown> | unknown;
  /** Cuts off a running turn, brings the file to rest and lets go of it. */
  close(): Promise<unknown>;
  /** All entries of the file after that one, in its order; all of them for null or an unknown id. */
  entriesAfter(entryId: string | null): EntryEvent[];
}
