import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { RunnerConfig } from '../../../config/runner-config.js';
import { errorText, type Logger } from '../../../logging/logger.js';
import { Backoff } from '../../../retry/backoff.js';
import { RelayConnection } from '../../relay/relay-connection.js';
import { InjectConfig, InjectLogger } from '../../settings/settings.module.js';
import { ServiceKeysFile } from './service-keys.file.js';

/** How long to wait before asking for a new key, so that a relay that refuses every key is not asked in a tight loop. */
const RENEWAL_PAUSE_MS = 1_000;

/** Each service's own key, with which it fires its triggers. The relay is asked for it once, and again when it no longer accepts it. */
@Injectable()
export class ServiceKeys implements OnApplicationShutdown {
  private readonly file: ServiceKeysFile | null;
  private readonly wanted = new Set<string>();
  private readonly asking = new Set<string>();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly pauses = new Map<string, Backoff>();
  private readonly listeners: ((serviceId: string, apiKey: string | null) => void)[] = [];

  constructor(
    @InjectConfig() config: RunnerConfig,
    @InjectLogger() private readonly logger: Logger,
    private readonly relay: RelayConnection,
  ) {
    this.file = config.relayUrl === null ? null : new ServiceKeysFile(config.layout.serviceKeyFile, config.relayUrl);
  }

  onApplicationShutdown(): void {
    this.wanted.clear();
    for (const timer of this.timers.values()) clearTimeout(timer);
  }

  /** Told whenever a service's key came or went. */
  onChange(listener: (serviceId: string, apiKey: string | null) => void): void {
    this.listeners.push(listener);
  }

  get(serviceId: string): string | null {
    return this.file?.get(serviceId) ?? null;
  }

  /** The service runs and needs a key. The key is asked for once the relay has taken the announcement of this start. */
  want(serviceId: string): void {
    this.wanted.add(serviceId);
  }

  /** The service is gone, and with it its key at the relay. */
  unwant(serviceId: string): void {
    this.wanted.delete(serviceId);
    if (this.get(serviceId) !== null) this.change(serviceId, null);
    clearTimeout(this.timers.get(serviceId));
    this.timers.delete(serviceId);
  }

  /** The relay knows this runner's services and can be asked. A service whose request it has refused waits for its own retry. */
  askForMissing(): void {
    for (const serviceId of this.wanted) if (!this.timers.has(serviceId)) void this.ask(serviceId);
  }

  /** The relay does not take the key any more. An older one than ours is no news. */
  refused(serviceId: string, apiKey: string): void {
    if (this.get(serviceId) !== apiKey) return;
    this.logger.warn({ serviceId }, "the relay refuses a service's key; asking for a new one");
    this.change(serviceId, null);
    this.askLater(serviceId, RENEWAL_PAUSE_MS);
  }

  private async ask(serviceId: string): Promise<void> {
    const isNeeded = this.file && this.get(serviceId) === null && this.wanted.has(serviceId);
    if (!isNeeded || !this.relay.isConnected || this.asking.has(serviceId)) return;
    this.asking.add(serviceId);
    const reason = await this.request(serviceId);
    this.asking.delete(serviceId);
    if (reason === null || !this.wanted.has(serviceId)) return;
    this.logger.warn({ serviceId, reason }, 'the relay gave no key for a service; asking again');
    this.askLater(serviceId, this.pauseOf(serviceId).nextMs());
  }

  /** Null when there is a key now, or the service has gone; else why there is none. */
  private async request(serviceId: string): Promise<string | null> {
    try {
      const answer = await this.relay.requestServiceKey(serviceId);
      if (!answer.ok) return answer.problem.detail;
      if (!this.wanted.has(serviceId)) return null; // it has gone meanwhile
      this.pauses.delete(serviceId);
      this.change(serviceId, answer.apiKey);
      return null;
    } catch (error) {
      return errorText(error);
    }
  }

  private askLater(serviceId: string, ms: number): void {
    clearTimeout(this.timers.get(serviceId));
    this.timers.set(
      serviceId,
      setTimeout(() => {
        this.timers.delete(serviceId);
        void this.ask(serviceId);
      }, ms),
    );
  }

  private pauseOf(serviceId: string): Backoff {
    const pause = this.pauses.get(serviceId) ?? new Backoff({ firstMs: 1_000, maxMs: 300_000 });
    this.pauses.set(serviceId, pause);
    return pause;
  }

  private change(serviceId: string, apiKey: string | null): void {
    try {
      this.file?.set(serviceId, apiKey);
    } catch (error) {
      this.logger.error(
        { serviceId, reason: errorText(error) },
        "cannot write a service's key; it is kept until the runner ends",
      );
    }
    for (const listener of this.listeners) listener(serviceId, apiKey);
  }
}
