import { Injectable } from '@nestjs/common';
import type { DomainEvent } from '@pizzapi/protocol';
import { type EventReader, ReadsEvents } from '../../platform/streams/event-reader.js';
import { EventBus } from '../../platform/streams/event-bus.js';
import { ProjectTranscript } from './project-transcript.js';

/** Keeps transcripts up to date with the event logs. */
@ReadsEvents({ group: 'transcripts', events: ['session.entries-appended'] })
@Injectable()
export class TranscriptProjector implements EventReader {
  constructor(
    private readonly project: ProjectTranscript,
    private readonly bus: EventBus,
  ) {}

  async handle(events: DomainEvent[]): Promise<void> {
    const sessionIds = new Set(
      events.flatMap((event) => (event.type === 'session.entries-appended' ? [event.data.sessionId] : [])),
    );
    for (const sessionId of sessionIds) await this.catchUp(sessionId);
  }

  /** Updates one session's transcript immediately. It then contains everything logged before the call. */
  async catchUp(sessionId: string): Promise<void> {
    if (await this.project.run(sessionId)) await this.bus.publish('session.changed', { sessionId });
  }
}
