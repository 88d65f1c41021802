import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { errorText, type Logger } from '../../logging/logger.js';
import { Backoff } from '../../retry/backoff.js';
import { RelayConnection } from '../relay/relay-connection.js';
import { InjectLogger } from '../settings/settings.module.js';
import { ServicesRegistry } from './services.registry.js';

/** Tells the relay what the services offer: all of it, on every connection and every change, until the relay has it. */
@Injectable()
export class ServiceAnnouncer implements OnModuleInit, OnApplicationShutdown {
  private readonly again = new Backoff({ firstMs: 1_000, maxMs: 300_000 });
  private timer: NodeJS.Timeout | undefined;
  /** An answer to an earlier announcement says nothing about the last one. */
  private announcements = 0;

  constructor(
    @InjectLogger() private readonly logger: Logger,
    private readonly relay: RelayConnection,
    private readonly services: ServicesRegistry,
  ) {}

  onModuleInit(): void {
    const begin = (): void => {
      this.again.reset();
      void this.announce();
    };
    this.relay.socket?.on('connect', begin);
    this.services.onChange(begin);
  }

  onApplicationShutdown(): void {
    this.announcements += 1;
    clearTimeout(this.timer);
  }

  private async announce(): Promise<void> {
    const announcement = ++this.announcements;
    clearTimeout(this.timer);
    if (!this.relay.isConnected) return; // the next connection announces
    const refusal = await this.refusal();
    if (refusal === null || announcement !== this.announcements) return;
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
