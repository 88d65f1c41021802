import type { Attachment, DeliverAs, QueuedInput } from '@pizzapi/protocol';
import type { TranscriptItem } from './transcript-item';

/** What a person says in one go. */
export interface Message {
  readonly text: string;
  readonly deliverAs: DeliverAs;
  readonly attachments?: readonly Attachment[];
}

/** Input that this browser is sending: shown at once, and kept, marked, until it appears in the conversation. */
export interface OutgoingInput extends Message {
  /** Also the `Idempotency-Key`: a retry of the same message can never double it. */
  readonly key: string;
  readonly state: 'sending' | 'accepted' | 'failed';
  readonly inputId: string | null;
  readonly problem: string | null;
  /** The last entry known when it was sent; a later one with the same words is this message. */
  readonly afterSeq: number;
  /** Ids of its files that the relay no longer has: sent again as it is, it would be refused again. */
  readonly gone?: readonly string[];
}
export type Outbox = readonly OutgoingInput[];

export function enqueue(outbox: Outbox, key: string, message: Message, afterSeq: number): Outbox {
  const input: OutgoingInput = { ...message, key, state: 'sending', inputId: null, problem: null, afterSeq };
  return [...outbox, input];
}
export function accepted(outbox: Outbox, key: string, inputId: string): Outbox {
  return change(outbox, key, { state: 'accepted', inputId, problem: null });
}
export function failed(outbox: Outbox, key: string, problem: string, gone: readonly string[] = []): Outbox {
  return change(outbox, key, { state: 'failed', problem, ...(gone.length > 0 && { gone }) });
}
export function retried(outbox: Outbox, key: string): Outbox {
  return change(outbox, key, { state: 'sending', problem: null });
}
export function withdrawn(outbox: Outbox, key: string): Outbox {
  return outbox.filter((input) => input.key !== key);
}

/** Drops what the conversation or the queue now shows: by its id, or by its words where an entry has no id. */
export function settled(outbox: Outbox, items: readonly TranscriptItem[], queue: readonly QueuedInput[]): Outbox {
  if (outbox.length === 0) return outbox;
  const taken = new Set<string>();
  const rest = outbox.filter((input) => {
    if (queue.some((queued) => queued.inputId === input.inputId)) return false;
    const entry = items.findLast((item) => isEntryOf(item, input) && !taken.has(item.entryId));
    if (entry !== undefined) taken.add(entry.entryId);
    return entry === undefined;
  });
  return rest.length === outbox.length ? outbox : rest;
}

function isEntryOf(item: TranscriptItem, input: OutgoingInput): boolean {
  // The answer may arrive only after the command has run and left the queue.
  if (item.kind === 'notice') return input.inputId !== null && item.inputId === input.inputId;
  if (item.kind !== 'user' || input.state === 'failed') return false;
  if (item.inputId !== null) return item.inputId === input.inputId;
  return item.seq > input.afterSeq && item.text.trim() === input.text.trim();
}

function change(outbox: Outbox, key: string, fields: Partial<OutgoingInput>): Outbox {
  return outbox.map((input) => (input.key === key ? { ...input, ...fields } : input));
}
