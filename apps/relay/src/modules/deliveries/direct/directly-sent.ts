import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { v7 } from 'uuid';
import { Replica } from '../../../platform/observability/replica.js';
import { Channels } from '../../../platform/redis/channels.js';
import { replicaKeys, runnerKeys } from '../../../platform/redis/keys.js';
import { parseJson } from '../../../platform/redis/parse-json.js';
import { Redis } from '../../../platform/redis/redis.js';
import { DirectDeliveries } from './direct-deliveries.js';

/** How long the reader of a bus may take to answer. One that takes longer is dead, or too busy to have sent anything lately. */
const ANSWER_MS = 1_000;

const Delivery = Type.Object({ sessionId: Type.String(), deliveryId: Type.String() });
const Question = Type.Object({ ask: Type.String(), from: Type.String(), deliveries: Type.Array(Delivery) });
const Answer = Type.Object({ answer: Type.String(), deliveryIds: Type.Array(Type.String()) });
type Delivery = Static<typeof Delivery>;

const isQuestion = Compile(Question);
const isAnswer = Compile(Answer);

/**
 * Tells any replica which deliveries were sent to workers directly. Only the replica that reads their bus knows, from memory. It is asked when
 * somebody wants to see it, so that sending need not write anything.
 */
@Injectable()
export class DirectlySent implements OnModuleInit {
  private readonly waiting = new Map<string, (deliveryIds: readonly string[]) => void>();

  constructor(
    private readonly direct: DirectDeliveries,
    private readonly redis: Redis,
    private readonly channels: Channels,
    private readonly replica: Replica,
  ) {}

  async onModuleInit(): Promise<void> {
    const listener = { onMessage: (json: string): void => this.hear(json) };
    await this.channels.subscribe(replicaKeys.direct(this.replica.id), listener);
  }

  /** The ids of those that were sent directly and are not acknowledged. */
  async among(runnerId: string, deliveries: readonly Delivery[]): Promise<Set<string>> {
    const here = this.outHere(deliveries);
    const rest = deliveries.filter(({ deliveryId }) => !here.includes(deliveryId));
    if (rest.length === 0) return new Set(here);
    const reader = await this.redis.commands.get(runnerKeys.busLease(runnerId));
    if (reader === null || reader === this.replica.id) return new Set(here);
    // Nobody listens on the channel of a lease that was given back (`-` and a token).
    return new Set([...here, ...(await this.ask(reader, rest))]);
  }

  private async ask(reader: string, deliveries: readonly Delivery[]): Promise<readonly string[]> {
    const ask = v7();
    const { promise, resolve } = Promise.withResolvers<readonly string[]>();
    this.waiting.set(ask, resolve);
    const patience = setTimeout(() => resolve([]), ANSWER_MS);
    try {
      const asked = deliveries.map(({ sessionId, deliveryId }) => ({ sessionId, deliveryId }));
      const heard = await this.tell(reader, { ask, from: this.replica.id, deliveries: asked });
      return heard === 0 ? [] : await promise;
    } finally {
      clearTimeout(patience);
      this.waiting.delete(ask);
    }
  }

  private hear(json: string): void {
    const message: unknown = parseJson(json);
    if (isAnswer.Check(message)) this.waiting.get(message.answer)?.(message.deliveryIds);
    if (!isQuestion.Check(message)) return;
    const deliveryIds = this.outHere(message.deliveries);
    // Should this fail, the other replica goes on without an answer.
    this.tell(message.from, { answer: message.ask, deliveryIds }).catch(() => undefined);
  }

  private outHere(deliveries: readonly Delivery[]): string[] {
    return deliveries.flatMap(({ sessionId, deliveryId }) =>
      this.direct.has(sessionId, deliveryId) ? [deliveryId] : [],
    );
  }

  private tell(replicaId: string, message: object): Promise<unknown> {
    return this.redis.commands.spublish(replicaKeys.direct(replicaId), JSON.stringify(message));
  }
}
