import { Injectable } from '@nestjs/common';
import type { ServiceCommand } from '@pizzapi/protocol';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { RunnerConfig } from '../../config/runner-config.js';
import type { Logger } from '../../logging/logger.js';
import { InjectConfig, InjectLogger } from '../settings/settings.module.js';
import { KeyedQueue } from '../turns/keyed-queue.js';
import { StartSlots } from '../turns/start-slots.js';
import { DisabledServices } from './commands/disabled-services.js';
import type { DeclaredService } from './discovery/discovered-service.js';
import { ServiceKeys } from './keys/service-keys.js';
import { ServiceLogs } from './logs/service-logs.js';
import { ServiceLauncher } from './processes/service-launcher.js';
import { DEFAULT_LIMITS, type ServiceLimits } from './processes/service-limits.js';
import { SupervisedService } from './processes/supervised-service.js';
import { WantedTriggers } from './wanted-triggers.js';

/** A service that takes longer to start, or hangs, no longer keeps others waiting. */
const START_PATIENCE_MS = 5_000;

/** The processes of all services. Whatever concerns one service runs one after another. */
@Injectable()
export class ServiceFleet {
  private readonly services = new Map<string, SupervisedService>();
  private readonly queue = new KeyedQueue();
  private readonly listeners: (() => void)[] = [];
  private readonly limits: ServiceLimits;
  private readonly slots: StartSlots;
  private phase: 'waiting' | 'begun' | 'over' = 'waiting';

  constructor(
    @InjectConfig() config: RunnerConfig,
    @InjectLogger() private readonly logger: Logger,
    private readonly launcher: ServiceLauncher,
    private readonly disabled: DisabledServices,
    private readonly keys: ServiceKeys,
    private readonly logs: ServiceLogs,
    wanted: WantedTriggers,
  ) {
    this.limits = { ...DEFAULT_LIMITS, maxMemoryMb: config.maxServiceMemoryMb };
    this.slots = new StartSlots(Math.max(2, availableParallelism()), START_PATIENCE_MS);
    keys.onChange((serviceId, apiKey) => this.find(serviceId)?.tell({ type: 'key', apiKey }));
    wanted.onChange(() => {
      for (const [id, service] of this.services) service.tell({ type: 'subscriptions', subscriptions: wanted.of(id) });
    });
  }

  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  find(serviceId: string): SupervisedService | undefined {
    return this.services.get(serviceId);
  }

  /** Starts all services, once. */
  async begin(): Promise<void> {
    if (this.phase !== 'waiting') return;
    this.phase = 'begun';
    await this.launcher.endLeftovers();
    for (const [id, service] of this.services) this.inTurn(id, () => this.run(service));
  }

  /** A service whose folder stayed the same keeps its process. */
  reconcile(found: readonly DeclaredService[]): void {
    const declared = new Map(found.map((service) => [service.manifest.id, service]));
    for (const [id, known] of this.services) if (!declared.has(id)) this.remove(id, known);
    for (const [id, service] of declared) {
      const known = this.services.get(id);
      if (!known || !isSameProgram(known.service, service)) this.put(id, service, known);
    }
  }

  /** Does not wait: the outcome shows as a change of the service's state. */
  command(serviceId: string, command: ServiceCommand): void {
    if (command !== 'restart') this.disabled.set(serviceId, command === 'disable');
    const service = this.find(serviceId);
    if (!service) return;
    this.inTurn(serviceId, async () => {
      if (command !== 'enable') await service.stop('stopped');
      await this.run(service);
    });
  }

  /** Resolves when no process is left. */
  async stopAll(): Promise<void> {
    this.phase = 'over';
    this.slots.close();
    await Promise.all([...this.services].map(([id, service]) => this.queue.run(id, () => service.stop('stopped'))));
  }

  private put(id: string, service: DeclaredService, known: SupervisedService | undefined): void {
    const supervised = new SupervisedService(service, {
      launch: (events) => this.launcher.launch(service, { limits: this.limits, log: this.logs.of(id) }, events),
      slots: this.slots,
      limits: this.limits,
      log: this.logs.of(id),
      onChange: () => this.changed(),
    });
    this.services.set(id, supervised);
    this.inTurn(id, async () => {
      await known?.stop('stopped');
      await this.run(supervised);
    });
  }

  private remove(id: string, known: SupervisedService): void {
    this.services.delete(id);
    this.keys.unwant(id);
    this.inTurn(id, async () => {
      await known.stop('stopped');
      if (!existsSync(known.service.path)) this.logs.remove(id); // else its manifest is broken, and its log may say more
    });
  }

  /** Starts it, unless it is disabled or has been replaced meanwhile. */
  private async run(service: SupervisedService): Promise<void> {
    if (this.phase !== 'begun' || this.services.get(service.id) !== service) return;
    if (this.disabled.has(service.id)) return service.stop('disabled');
    if (service.isRunnable) this.keys.want(service.id);
    service.start();
  }

  private inTurn(id: string, task: () => Promise<void>): void {
    this.queue.run(id, task).catch((error: unknown) => {
      this.logger.error({ serviceId: id, err: error }, 'a service could not be started or ended');
    });
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }
}

/** A change in another service's folder (who owns a sigil, say) is no reason to restart this one. */
function isSameProgram(one: DeclaredService, other: DeclaredService): boolean {
  return one.path === other.path && one.folder === other.folder && one.files === other.files;
}
