import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { ProblemCode, type RunnerOrder } from '@pizzapi/protocol';
import { Type } from 'typebox';
import type { RunnerConfig } from '../../config/runner-config.js';
import { errorText, type Logger } from '../../logging/logger.js';
import { parsed } from '../../relay-link/incoming.js';
import { Backoff } from '../../retry/backoff.js';
import { RelayConnection } from '../relay/relay-connection.js';
import { InjectConfig, InjectLogger } from '../settings/settings.module.js';
import { WorkersService } from '../workers/workers.service.js';
import { DoneOrders } from './done-orders.js';
import { isOrder, isOrderOfUnknownPolicy, type OrderOfUnknownPolicy } from './read-order.js';

/** Each is read by itself: one that is not understood does not hold up the others. */
const RunnerOrders = Type.Object({ orders: Type.Array(Type.Unknown()) });
const POLICY_UNKNOWN = {
  code: ProblemCode.policyUnknown,
  detail:
    "This runner is older than the relay and does not understand the organisation's policy. Update the runner, then resume the session.",
};

/** Between attempts to do what failed, as on a full disk. */
const PAUSES = { firstMs: 2_000, maxMs: 300_000 };

/** Acts on the relay's orders and says when each is done. */
@Injectable()
export class OrdersGateway implements OnModuleInit, OnModuleDestroy {
  private readonly inProgress = new Set<string>();
  /** Orders that failed and are done again. */
  private readonly again = new Map<string, NodeJS.Timeout>();
  /** The last order about each session with one that is not done: what came before it is not done any more after it. */
  private readonly latest = new Map<string, string>();
  private isOver = false;
  private readonly done: DoneOrders;

  constructor(
    @InjectConfig() config: RunnerConfig,
    @InjectLogger() private readonly logger: Logger,
    private readonly relay: RelayConnection,
    private readonly workers: WorkersService,
  ) {
    this.done = new DoneOrders(config.layout.ordersDoneFile);
  }

  onModuleInit(): void {
    const onOrders = parsed('runner:orders', RunnerOrders, this.logger, ({ orders }) => {
      for (const order of orders) this.read(order);
    });
    this.relay.socket?.on('runner:orders', onOrders);
  }

  onModuleDestroy(): void {
    this.isOver = true;
    for (const timer of this.again.values()) clearTimeout(timer);
  }

  private read(order: unknown): void {
    if (isOrder(order)) this.begin(order, () => this.act(order));
    // Without its policy the session must not start.
    else if (isOrderOfUnknownPolicy(order))
      this.begin(order, () => this.workers.refuse(order.sessionId, POLICY_UNKNOWN));
    else this.logger.warn('dropped a malformed order of the relay');
  }

  private begin(order: RunnerOrder | OrderOfUnknownPolicy, act: () => Promise<void>): void {
    this.latest.set(order.sessionId, order.cursor);
    void this.take(order, act);
  }

  private async take(
    order: RunnerOrder | OrderOfUnknownPolicy,
    act: () => Promise<void>,
    pauses = new Backoff(PAUSES),
  ): Promise<void> {
    const { cursor, sessionId } = order;
    if (this.inProgress.has(cursor)) return;
    this.inProgress.add(cursor);
    clearTimeout(this.again.get(cursor));
    this.again.delete(cursor);
    try {
      if (!this.done.has(cursor)) {
        this.logger.info({ order: order.order, sessionId, cursor }, 'acting on an order');
        await act();
        this.done.add(cursor);
      }
      await this.relay.orderDone(cursor);
      if (this.latest.get(sessionId) === cursor) this.latest.delete(sessionId);
    } catch (error) {
      this.logger.error(
        { order: order.order, sessionId, cursor, reason: errorText(error) },
        'an order is not done yet',
      );
      // Without a connection the relay sends it again with the next one, if it still wants it.
      if (this.relay.isConnected && !this.isOver)
        this.again.set(
          cursor,
          setTimeout(() => void this.takeAgain(order, act, pauses), pauses.nextMs()),
        );
    } finally {
      this.inProgress.delete(cursor);
    }
  }

  /** A start that comes after the stop of its session would bring it back. */
  private async takeAgain(
    order: RunnerOrder | OrderOfUnknownPolicy,
    act: () => Promise<void>,
    pauses: Backoff,
  ): Promise<void> {
    const isOutdated = order.order !== 'delete' && this.latest.get(order.sessionId) !== order.cursor;
    await this.take(order, isOutdated ? () => Promise.resolve() : act, pauses);
  }

  private async act(order: RunnerOrder): Promise<void> {
    switch (order.order) {
      case 'spawn':
        return this.workers.spawn(order);
      case 'stop':
        return this.workers.stop(order.sessionId);
      case 'delete':
        return this.workers.delete(order.sessionId);
    }
  }
}
