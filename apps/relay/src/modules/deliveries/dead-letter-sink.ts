import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { NewDelivery } from './inbox/new-delivery.js';

/** Why a delivery is dead: a stable code and a sentence. */
export interface DeathReason {
  code: string;
  detail: string;
}

/** What this module needs of the keeper of dead letters. */
export interface DeadLetters {
  /** Resolves once the deliveries are stored and their triggers' records say that they are dead. May be repeated. */
  bury(
    deliveries: readonly { sessionId: string; item: NewDelivery }[],
    reason: DeathReason,
    attempts: number,
  ): Promise<void>;
}

/** Where the module of dead letters registers itself. It imports this module, so this one cannot import it. */
@Injectable()
export class DeadLetterSink implements OnApplicationBootstrap {
  private deadLetters: DeadLetters | null = null;

  register(deadLetters: DeadLetters): void {
    this.deadLetters = deadLetters;
  }

  get port(): DeadLetters {
    if (!this.deadLetters) throw new Error('No module has registered itself as the keeper of dead letters.');
    return this.deadLetters;
  }

  /** Wrong wiring fails at boot. */
  onApplicationBootstrap(): void {
    void this.port;
  }
}
