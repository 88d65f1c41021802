import { Injectable, type OnApplicationShutdown, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import {
  ProblemCode,
  type ReadServiceLog,
  type ServiceAnnouncement,
  type ServiceCommand,
  type ServiceLog,
} from '@pizzapi/protocol';
import { isDeepStrictEqual } from 'node:util';
import type { RunnerConfig } from '../../config/runner-config.js';
import { errorText, type Logger } from '../../logging/logger.js';
import { RequestRefusedError } from '../../relay-link/answering.js';
import { InjectConfig, InjectLogger } from '../settings/settings.module.js';
import { discoverServices } from './discovery/discover-services.js';
import { isDeclared, type DiscoveredService } from './discovery/discovered-service.js';
import { FolderWatch } from './discovery/folder-watch.js';
import { keepUnreadable } from './discovery/keep-unreadable.js';
import { servicesSources } from './discovery/services-sources.js';
import { ServiceLogs } from './logs/service-logs.js';
import { announcementOf } from './service-announcement.js';
import { ServiceFleet } from './service-fleet.js';

/** The services of this runner, kept level with their folders while the daemon runs. */
@Injectable()
export class ServicesRegistry implements OnModuleInit, OnModuleDestroy, OnApplicationShutdown {
  private readonly watch: FolderWatch;
  private readonly listeners: (() => void)[] = [];
  private found: DiscoveredService[] = [];
  private current: ServiceAnnouncement = announcementOf([], () => undefined);
  private lastComplaint = '';
  private ending: Promise<void> = Promise.resolve();

  constructor(
    @InjectConfig() private readonly config: RunnerConfig,
    @InjectLogger() private readonly logger: Logger,
    private readonly fleet: ServiceFleet,
    private readonly logs: ServiceLogs,
  ) {
    this.watch = new FolderWatch({
      sources: () => servicesSources(config.layout),
      onChange: () => this.read(),
      onError: (error) => this.complain(error),
    });
    fleet.onChange(() => this.announce());
  }

  /** Read before the daemon connects, so that the first announcement is whole. */
  async onModuleInit(): Promise<void> {
    await this.read().catch((error: unknown) => this.complain(error));
    this.watch.start();
  }

  /** Not waited for here: workers end at the same time. */
  onModuleDestroy(): void {
    this.watch.stop();
    this.ending = this.fleet.stopAll();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.ending;
  }

  /** What the services offer now. */
  get announcement(): ServiceAnnouncement {
    return this.current;
  }

  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** The relay knows the definitions, so the services may start. */
  begin(): Promise<void> {
    return this.fleet.begin();
  }

  /** Where a service's panel listens on this machine; null while it has none. */
  panelPort(serviceId: string): number | null {
    return this.fleet.find(serviceId)?.status.panelPort ?? null;
  }

  /** Does not wait: the outcome comes with an announcement. @throws RequestRefusedError */
  command(serviceId: string, command: ServiceCommand): void {
    const isKnown = this.current.services.some(({ id }) => id === serviceId);
    if (!isKnown) throw unknownService(serviceId);
    const service = this.fleet.find(serviceId);
    if (command === 'restart' && service?.status.state === 'disabled')
      throw new RequestRefusedError(ProblemCode.serviceNotRunning, `${serviceId} is disabled; enable it instead.`);
    if (command === 'restart' && !service?.isRunnable) throw nothingToRun(serviceId);
    this.logger.info({ serviceId, command }, 'a person commands a service');
    this.fleet.command(serviceId, command);
  }

  /** The last lines of a service's log, or those before a place. @throws RequestRefusedError */
  readLog({ serviceId, limit, before }: ReadServiceLog): ServiceLog {
    if (!this.current.services.some(({ id }) => id === serviceId)) throw unknownService(serviceId);
    // The id of a folder that is no service may be anything, and names no file.
    return this.fleet.find(serviceId) ? this.logs.of(serviceId).read(limit, before) : { lines: [], isTruncated: false };
  }

  private async read(): Promise<void> {
    const sources = await servicesSources(this.config.layout);
    this.found = keepUnreadable(await discoverServices(sources), this.found, sources);
    this.fleet.reconcile(this.found.filter(isDeclared));
    this.announce();
    this.lastComplaint = '';
  }

  private announce(): void {
    const announcement = announcementOf(this.found, (id) => this.fleet.find(id)?.status);
    if (isDeepStrictEqual(announcement, this.current)) return;
    this.sayWhatIsWrong(announcement);
    this.current = announcement;
    for (const listener of this.listeners) listener();
  }

  private sayWhatIsWrong({ services }: ServiceAnnouncement): void {
    for (const { id, error } of services) {
      const isKnown = this.current.services.some((known) => known.id === id && known.error === error);
      if (error !== null && !isKnown)
        this.logger.warn({ serviceId: id }, `something is wrong with a service: ${error}`);
    }
    this.logger.info({ services: services.map(({ id, state }) => `${id} (${state})`) }, 'the services changed');
  }

  /** Logs a lasting problem once, not every second. */
  private complain(error: unknown): void {
    const reason = errorText(error);
    if (reason === this.lastComplaint) return;
    this.lastComplaint = reason;
    this.logger.error({ servicesDir: this.config.layout.servicesDir, reason }, 'cannot read the services');
  }
}

function unknownService(serviceId: string): RequestRefusedError {
  return new RequestRefusedError(ProblemCode.serviceUnknown, `This runner has no service "${serviceId}".`);
}

function nothingToRun(serviceId: string): RequestRefusedError {
  return new RequestRefusedError(
    ProblemCode.serviceNotRunning,
    `${serviceId} has nothing to run; its error says what is missing.`,
  );
}
