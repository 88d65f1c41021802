import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { errorText, type Logger } from '../../logging/logger.js';
import { Backoff } from '../../retry/backoff.js';
import { RelayConnection } from '../relay/relay-connection.js';
import { InjectLogger } from '../settings/settings.module.js';
import { ServiceKeys } from './keys/service-keys.js';
import { ServicesRegistry } from './services.registry.js';

/** Services are started after this time at the latest, even if the relay cannot be reached. */
const BEGIN_ANYWAY_MS = 3_000;
/** Several changes within this time are announced as one. */
const GATHER_MS = 100;

/**
 * Tells the relay what the services offer: all of it, on every connection and every change, until the relay has it. Services start only
 * after the first announcement: so their definitions are known before their code runs, and starting them does not delay being online.
 */
@Injectable()
export class ServiceAnnouncer implements OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown {
  private readonly again = new Backoff({ firstMs: 1_000, maxMs: 300_000 });
  private timer: NodeJS.Timeout | undefined;
  private gathering: NodeJS.Timeout | undefined;
  private beginAnyway: NodeJS.Timeout | undefined;
  /** Counts announcements, because an answer to an earlier one says nothing about the latest. */
  private announcements = 0;

  constructor(
    @InjectLogger() private readonly logger: Logger,
    private readonly relay: RelayConnection,
    private readonly services: ServicesRegistry,
    private readonly keys: ServiceKeys,
  ) {}

  onModuleInit(): void {
    const begin = (): void => {
      this.again.reset();
      void this.announce();
    };
    this.relay.socket?.on('connect', begin);
    this.services.onChange(() => {
      this.gathering ??= setTimeout(() => {
        this.gathering = undefined;
        begin();
      }, GATHER_MS);
    });
  }

  onApplicationBootstrap(): void {
    const patienceMs = this.relay.socket === null ? 0 : BEGIN_ANYWAY_MS;
    this.beginAnyway = setTimeout(() => void this.services.begin(), patienceMs);
  }

  onApplicationShutdown(): void {
    this.announcements += 1;
    for (const timer of [this.timer, this.gathering, this.beginAnyway]) clearTimeout(timer);
  }

  private async announce(): Promise<void> {
    const announcement = ++this.announcements;
    clearTimeout(this.timer);
    if (!this.relay.isConnected) return; // the next connection announces
    const refusal = await this.refusal();
    if (announcement !== this.announcements) return;
    if (refusal === null) {
      this.keys.askForMissing();
      return this.services.begin();
    }
    this.logger.warn(refusal, 'the relay has not taken the announcement of the services; announcing again');
    this.timer = setTimeout(() => void this.announce(), this.again.nextMs());
  }

  /** Null when the relay has it. */
  private async refusal(): Promise<object | null> {
    try {
      const answer = await this.relay.announceServices(this.services.announcement);
      return answer.ok ? null : answer.problem;
    } catch (error) {
      return { reason: errorText(error) };
    }
  }
}
