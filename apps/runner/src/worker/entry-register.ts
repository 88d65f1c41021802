import type { SessionEventData, UnnumberedSessionEvent } from '@pizzapi/protocol';
import type { AgentSession } from './agent-session.js';

type Entry = SessionEventData<'entry.appended'>;

/**
 * Knows which entries of the session's file nobody will announce any more: those that the file held when it was opened, and
 * those that were announced since. If the relay lacks one of them, it has to be told again; any other is about to come.
 */
export class EntryRegister {
  private readonly announced: Set<string>;

  constructor(private readonly agent: Pick<AgentSession, 'entriesAfter'>) {
    this.announced = new Set(agent.entriesAfter(null).map(({ entryId }) => entryId));
  }

  note(event: UnnumberedSessionEvent): void {
    if (event.type === 'entry.appended') this.announced.add(event.data.entryId);
  }

  /** What the relay, which ends at `lastEntryId`, lacks and does not get from the outbox. */
  missingAfter(lastEntryId: string | null, inOutbox: ReadonlySet<string>): UnnumberedSessionEvent[] {
    return this.agent
      .entriesAfter(lastEntryId)
      .filter(({ entryId }) => this.announced.has(entryId) && !inOutbox.has(entryId))
      .map((data: Entry) => ({ type: 'entry.appended', ts: data.ts, data }));
  }
}
