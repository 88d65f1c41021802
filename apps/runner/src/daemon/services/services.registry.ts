import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { ServiceAnnouncement } from '@pizzapi/protocol';
import { isDeepStrictEqual } from 'node:util';
import type { RunnerConfig } from '../../config/runner-config.js';
import { errorText, type Logger } from '../../logging/logger.js';
import { InjectConfig, InjectLogger } from '../settings/settings.module.js';
import { discoverServices } from './discovery/discover-services.js';
import { isBroken, type DiscoveredService } from './discovery/discovered-service.js';
import { FolderWatch } from './discovery/folder-watch.js';
import { servicesSources } from './discovery/services-sources.js';
import { announcementOf } from './service-announcement.js';
import { ServiceProcess } from './service-process.js';

/** The services of this runner, kept level with their folders while the daemon runs. */
@Injectable()
export class ServicesRegistry implements OnModuleInit, OnApplicationShutdown {
  private readonly watch: FolderWatch;
  private readonly processes = new Map<string, ServiceProcess>();
  private readonly listeners: (() => void)[] = [];
  private current: ServiceAnnouncement = announcementOf([], this.processes);
  private lastComplaint = '';

  constructor(
    @InjectConfig() private readonly config: RunnerConfig,
    @InjectLogger() private readonly logger: Logger,
  ) {
    this.watch = new FolderWatch({
      sources: () => servicesSources(config.layout),
      onChange: () => this.read(),
      onError: (error) => this.complain(error),
    });
  }

  /** Read before the daemon connects, so that the first announcement is whole. */
  async onModuleInit(): Promise<void> {
    await this.read().catch((error: unknown) => this.complain(error));
    this.watch.start();
  }

  onApplicationShutdown(): void {
    this.watch.stop();
  }

  /** What the services offer now. */
  get announcement(): ServiceAnnouncement {
    return this.current;
  }

  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  private async read(): Promise<void> {
    const found = await discoverServices(await servicesSources(this.config.layout));
    this.lastComplaint = '';
    this.reconcile(found);
    const announcement = announcementOf(found, this.processes);
    if (isDeepStrictEqual(announcement, this.current)) return;
    this.sayWhatIsWrong(announcement);
    this.current = announcement;
    for (const listener of this.listeners) listener();
  }

  /** A service whose declaration stayed the same keeps its process. */
  private reconcile(found: DiscoveredService[]): void {
    const manifests = new Map(
      found.flatMap((service) => (isBroken(service) ? [] : [[service.manifest.id, service.manifest]])),
    );
    for (const [id, { manifest }] of this.processes)
      if (!isDeepStrictEqual(manifest, manifests.get(id))) this.processes.delete(id);
    for (const [id, manifest] of manifests)
      if (!this.processes.has(id)) this.processes.set(id, new ServiceProcess(manifest));
  }

  private sayWhatIsWrong({ services }: ServiceAnnouncement): void {
    for (const { id, error } of services) {
      const isKnown = this.current.services.some((known) => known.id === id && known.error === error);
      if (error !== null && !isKnown)
        this.logger.warn({ serviceId: id }, `a service cannot be used as it is: ${error}`);
    }
    this.logger.info({ services: services.map(({ id, state }) => `${id} (${state})`) }, 'the services changed');
  }

  /** Once, not with every look. */
  private complain(error: unknown): void {
    const reason = errorText(error);
    if (reason === this.lastComplaint) return;
    this.lastComplaint = reason;
    this.logger.error({ servicesDir: this.config.layout.servicesDir, reason }, 'cannot read the services');
  }
}
