import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { DomainEvent } from '@pizzapi/protocol';
import { PinoLogger } from 'nestjs-pino';
import { Sweep } from '../../../platform/queues/sweep.js';
import { type EventReader, ReadsEvents } from '../../../platform/streams/event-reader.js';
import { HeldSessions } from '../../sessions/index.js';
import { ListenerRepository } from '../listener.repository.js';

const EVERY_MS = 5_000;

/**
 * When a session no longer takes up one of its listener's places, gives the place to the next one that waits. A sweep makes good what
 * events miss.
 */
@ReadsEvents({ group: 'listener-places', events: ['session.changed', 'session.deleted'] })
@Injectable()
export class AdmitHeld implements EventReader, OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly sweep: Sweep;

  constructor(
    private readonly held: HeldSessions,
    private readonly listeners: ListenerRepository,
    logger: PinoLogger,
  ) {
    const options = { description: 'Admitting sessions that wait for room', everyMs: EVERY_MS };
    this.sweep = new Sweep(async () => this.admit(await this.held.listeners()), options, logger);
  }

  onApplicationBootstrap(): void {
    this.sweep.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.sweep.stop();
  }

  async handle(events: DomainEvent[]): Promise<void> {
    const waiting = await this.held.listeners();
    if (waiting.length === 0) return;
    // A deleted session's listener is no longer known, so all are looked at.
    if (events.some(({ type }) => type === 'session.deleted')) return this.admit(waiting);
    const changed = events.flatMap((event) => (event.type === 'session.changed' ? [event.data.sessionId] : []));
    const starters = await this.held.startersOf(changed);
    await this.admit(waiting.filter((listenerId) => starters.has(listenerId)));
  }

  private async admit(listenerIds: readonly string[]): Promise<void> {
    if (listenerIds.length === 0) return;
    const limits = await this.listeners.limitsOf(listenerIds);
    for (const listenerId of listenerIds) await this.held.admit(listenerId, limits.get(listenerId) ?? null);
  }
}
