import { Injectable } from '@nestjs/common';
import type { DomainEvent } from '@pizzapi/protocol';
import { type EventReader, ReadsEvents } from '../../platform/streams/event-reader.js';
import { ListDeadLetters } from '../dead-letters/index.js';
import { RunnerViews } from '../runners/index.js';
import { SessionViews } from '../sessions/index.js';
import { HubGateway } from './hub.gateway.js';

/** Sends changes of lists to browsers: one view per session in each batch of events, however often it changed. */
@ReadsEvents({
  group: 'hub',
  events: [
    'session.changed',
    'session.deleted',
    'runner.changed',
    'runner.deleted',
    'runner.wanted-triggers-changed',
    'dead-letters.changed',
  ],
})
@Injectable()
export class HubUpdates implements EventReader {
  constructor(
    private readonly hub: HubGateway,
    private readonly sessions: SessionViews,
    private readonly runners: RunnerViews,
    private readonly deadLetters: ListDeadLetters,
  ) {}

  async handle(events: DomainEvent[]): Promise<void> {
    const sessionIds = new Set<string>();
    const runnerIds = new Set<string>();
    const ownersOfDeadLetters = new Set<string>();
    for (const event of events) {
      if (event.type === 'session.changed') sessionIds.add(event.data.sessionId);
      if (event.type === 'runner.changed') runnerIds.add(event.data.runnerId);
      if (event.type === 'dead-letters.changed') ownersOfDeadLetters.add(event.data.ownerId);
      if (event.type === 'runner.deleted')
        this.hub.tell(event.data.ownerId, 'runner:removed', { runnerId: event.data.runnerId });
      if (event.type === 'session.deleted')
        this.hub.tell(event.data.ownerId, 'session:removed', { sessionId: event.data.sessionId });
    }
    for (const session of await this.sessions.byIds([...sessionIds])) {
      this.hub.tell(session.ownerId, 'session:updated', { session });
      // A session that has just ended changes its runner's `sessionCount`.
      if (session.status !== 'active') runnerIds.add(session.runnerId);
    }
    for (const { ownerId, runner } of await this.runners.byIds([...runnerIds])) {
      if (ownerId !== null) this.hub.tell(ownerId, 'runner:updated', { runner });
    }
    await this.tellOfListeners(events);
    for (const ownerId of ownersOfDeadLetters)
      this.hub.tell(ownerId, 'dead-letters:count', { count: await this.deadLetters.count(ownerId) });
  }

  private async tellOfListeners(events: readonly DomainEvent[]): Promise<void> {
    const runnerIds = new Set<string>();
    for (const event of events)
      if (event.type === 'runner.wanted-triggers-changed' && event.data.isOfListeners === true)
        runnerIds.add(event.data.runnerId);
    for (const { ownerId, runner } of await this.runners.byIds([...runnerIds]))
      if (ownerId !== null) this.hub.tell(ownerId, 'listeners:changed', { runnerId: runner.runnerId });
  }
}
