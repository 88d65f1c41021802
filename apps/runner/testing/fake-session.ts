import type {
  AgentRegister,
  AgentRegistered,
  AgentToRelay,
  InboxItem,
  RelayToAgent,
  SessionEvent,
  SessionEventData,
  SocketAnswer,
} from '@pizzapi/protocol';
import type { Socket } from 'socket.io';

/** One session's log and inbox in the fake relay. */
export class FakeSession {
  /** The log: `events[i].seq` is `i + 1`, or the append was refused. */
  readonly events: SessionEvent[] = [];
  inbox: InboxItem[] = [];
  /** What the worker says it has, in the order in which it said so. */
  readonly acknowledged: string[] = [];
  /** As if the relay died before it took note: everything is delivered again. */
  losesAcknowledgements = false;
  delivered = 0;
  epoch = 0;
  gaps = 0;
  socket: Socket<AgentToRelay, RelayToAgent> | undefined;

  register(message: AgentRegister, socket: Socket<AgentToRelay, RelayToAgent>): SocketAnswer<AgentRegistered> {
    if (message.epoch < this.epoch) return refused('epoch_superseded', 'A newer worker has the session.');
    this.epoch = message.epoch;
    this.socket = socket;
    return { ok: true, lastSeq: this.events.length, lastEntryId: this.entries().at(-1)?.entryId ?? null };
  }

  append(batch: SessionEvent[], socket: Socket<AgentToRelay, RelayToAgent>): SocketAnswer<{ lastSeq: number }> {
    if (this.socket !== socket) return refused('epoch_superseded', 'A newer worker has the session.');
    for (const event of batch) {
      if (event.seq <= this.events.length) continue;
      if (event.seq > this.events.length + 1) {
        this.gaps += 1;
        return refused('sequence_gap', `The log ends at ${this.events.length}.`);
      }
      this.events.push(event);
    }
    return { ok: true, lastSeq: this.events.length };
  }

  of<T extends SessionEvent['type']>(type: T): Extract<SessionEvent, { type: T }>[] {
    return this.events.filter((event): event is Extract<SessionEvent, { type: T }> => event.type === type);
  }

  entries(): SessionEventData<'entry.appended'>[] {
    return this.of('entry.appended').map((event) => event.data);
  }

  get finishedTurns(): number {
    const activities = this.of('activity.changed').map(({ data }) => data.activity);
    return activities.filter((activity, index) => activity === 'idle' && activities[index - 1] === 'working').length;
  }

  get activity(): string | undefined {
    return this.of('activity.changed').at(-1)?.data.activity;
  }
}

function refused(
  code: 'epoch_superseded' | 'sequence_gap',
  detail: string,
): { ok: false; problem: { code: typeof code; detail: string } } {
  return { ok: false, problem: { code, detail } };
}
