import { Injectable, type OnModuleInit } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { EventBus } from '../../../platform/streams/event-bus.js';
import {
  type DeadLetters,
  DeadLetterSink,
  type DeathReason,
  type NewDelivery,
  SessionInbox,
  TriggerRecords,
  triggerOf,
} from '../../deliveries/index.js';
import { FormerOwners } from '../../runners/index.js';
import type { DeadLetterEntity } from '../dead-letter.entity.js';
import { DeadLetterRepository } from '../dead-letter.repository.js';
import { LetterClaims } from '../letter-claims.js';
import { type LetterOwner, type SessionFate, SessionFatesRepository } from './session-fates.repository.js';

export interface DyingDelivery {
  sessionId: string;
  item: NewDelivery;
  attempts: number;
  /** Its place in the inbox, if it was read there. If it has left that place since, it is no longer dying. */
  cursor?: string | undefined;
}

/** What the event of a deleted session still says about it. */
export interface DeletedSession extends LetterOwner {
  sessionId: string;
  runnerId: string;
  name: string | null;
}

/**
 * Turns deliveries into dead letters. They are first stored, then marked in their triggers' records, and only then removed from the
 * inboxes: after a crash anywhere in between, a delivery is still in its inbox, and is buried again.
 */
@Injectable()
export class BuryDeliveries implements DeadLetters, OnModuleInit {
  constructor(
    private readonly sink: DeadLetterSink,
    private readonly deadLetters: DeadLetterRepository,
    private readonly claims: LetterClaims,
    private readonly sessions: SessionFatesRepository,
    private readonly formerOwners: FormerOwners,
    private readonly records: TriggerRecords,
    private readonly inbox: SessionInbox,
    private readonly bus: EventBus,
    private readonly logger: PinoLogger,
  ) {}

  onModuleInit(): void {
    this.sink.register(this);
  }

  bury(
    deliveries: readonly { sessionId: string; item: NewDelivery }[],
    reason: DeathReason,
    attempts: number,
  ): Promise<void> {
    return this.run(
      deliveries.map((delivery) => ({ ...delivery, attempts })),
      reason,
    );
  }

  async run(deliveries: readonly DyingDelivery[], reason: DeathReason, deleted?: DeletedSession): Promise<void> {
    if (deliveries.length === 0) return;
    const claimed = await this.claims.takeAll(deliveries.map(({ item }) => item.deliveryId));
    try {
      await this.buryAlone(await this.stillDying(deliveries), reason, deleted);
    } finally {
      await claimed.release();
    }
  }

  /** Leaves out those that are no longer dying, and notes each one's present place in the inbox. A later replay would give it another place. */
  private async stillDying(deliveries: readonly DyingDelivery[]): Promise<DyingDelivery[]> {
    const places = await this.inbox.find(
      deliveries.map(({ sessionId, item }) => ({ sessionId, deliveryId: item.deliveryId })),
    );
    return deliveries.flatMap((delivery, at) => {
      const cursor = places[at]?.item.cursor;
      // It has been received since it was read, or was buried and replayed.
      return delivery.cursor !== undefined && delivery.cursor !== cursor ? [] : [{ ...delivery, cursor }];
    });
  }

  private async buryAlone(
    deliveries: readonly DyingDelivery[],
    reason: DeathReason,
    deleted?: DeletedSession,
  ): Promise<void> {
    const letters = await this.lettersOf(deliveries, reason, deleted);
    await this.deadLetters.save(letters);
    await this.settle(deliveries, reason, letters);
    const bySession = Map.groupBy(deliveries, ({ sessionId }) => sessionId);
    for (const [sessionId, own] of bySession)
      await this.inbox.forget(
        sessionId,
        own.flatMap(({ item: { deliveryId }, cursor }) => (cursor === undefined ? [] : [{ deliveryId, cursor }])),
      );
    for (const ownerId of new Set(letters.map((letter) => letter.ownerId)))
      await this.bus.publish('dead-letters.changed', { ownerId });
  }

  private async settle(
    deliveries: readonly DyingDelivery[],
    { code }: DeathReason,
    letters: readonly DeadLetterEntity[],
  ): Promise<void> {
    const triggers = Map.groupBy(
      deliveries.filter(({ item }) => item.triggerId !== undefined),
      ({ item }) => `${item.runnerId ?? ''} ${item.triggerId ?? ''}`,
    );
    for (const own of triggers.values()) {
      const { runnerId = '', triggerId = '' } = own[0]?.item ?? {};
      const settlements = own.map(({ item: { deliveryId }, attempts }) => ({
        deliveryId,
        state: 'dead' as const,
        attempts,
        reason: code,
      }));
      const changed = await this.records.settle(runnerId, triggerId, settlements);
      if (changed === own.length) continue;
      // Some were settled before: buried already, or received while they were being buried.
      const settled = (await this.records.read(runnerId, triggerId))?.settled;
      const isReceived = ({ deliveryId }: DeadLetterEntity): boolean => settled?.get(deliveryId)?.state === 'received';
      await this.deadLetters.remove(letters.filter(isReceived));
    }
  }

  private async lettersOf(
    deliveries: readonly DyingDelivery[],
    reason: DeathReason,
    deleted?: DeletedSession,
  ): Promise<DeadLetterEntity[]> {
    const sessions = await this.sessions.of(deliveries.map(({ sessionId }) => sessionId));
    const orphans = deliveries.filter(({ sessionId }) => !sessions.has(sessionId));
    const owners = deleted ? new Map<string, LetterOwner>() : await this.ownersOf(orphans);
    const diedAt = new Date();
    return deliveries.flatMap((delivery) => {
      const { sessionId, item } = delivery;
      const session = sessions.get(sessionId) ?? (deleted?.sessionId === sessionId ? deleted : undefined);
      const owner = session ?? owners.get(item.deliveryId) ?? authorOf(item);
      if (owner) return [letterOf(delivery, session, owner, reason, diedAt)];
      // Its runner was removed long ago, so nobody is left who could see it.
      this.logger.warn({ sessionId, deliveryId: item.deliveryId, reason }, 'A delivery without an owner was dropped');
      return [];
    });
  }

  /** For deliveries without a session, by delivery id: the owner of the runner, as of the time at which it was accepted. */
  private async ownersOf(orphans: readonly DyingDelivery[]): Promise<Map<string, LetterOwner>> {
    const owners = new Map<string, LetterOwner>();
    if (orphans.length === 0) return owners;
    const present = await this.sessions.ownersOfRunners(orphans.flatMap(({ item }) => item.runnerId ?? []));
    for (const { item } of orphans) {
      if (item.runnerId === undefined) continue;
      const owner = (await this.formerOwners.at(item.runnerId, new Date(item.ts))) ?? present.get(item.runnerId);
      if (owner) owners.set(item.deliveryId, owner);
    }
    return owners;
  }
}

/** Only the owner of a session can say something to it. */
function authorOf({ authorId }: NewDelivery): LetterOwner | undefined {
  return authorId === undefined ? undefined : { ownerId: authorId, organisationId: '' };
}

function letterOf(
  { sessionId, item, attempts }: DyingDelivery,
  session: SessionFate | DeletedSession | undefined,
  { ownerId, organisationId }: LetterOwner,
  reason: DeathReason,
  diedAt: Date,
): DeadLetterEntity {
  const trigger = triggerOf(item);
  return {
    deliveryId: item.deliveryId,
    ownerId,
    organisationId,
    kind: item.kind,
    sessionId,
    sessionName: session?.name ?? null,
    runnerId: item.runnerId ?? session?.runnerId ?? '',
    triggerId: item.triggerId ?? null,
    listenerId: trigger?.listenerId ?? null,
    type: trigger?.type ?? null,
    summary: trigger?.summary ?? null,
    item: withoutCursor(item),
    reason,
    attempts,
    ts: new Date(item.ts),
    diedAt,
  };
}

/** An item from an inbox has a cursor, which means nothing in a dead letter. */
function withoutCursor(item: NewDelivery & { cursor?: string }): NewDelivery {
  const { cursor, ...rest } = item;
  return rest;
}
