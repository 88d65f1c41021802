import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { join } from 'node:path';
import type { RunnerConfig } from '../../../config/runner-config.js';
import { InjectConfig } from '../../settings/settings.module.js';
import { ServiceLog } from './service-log.js';

/** The logs of services, `run/logs/services/<id>.log`. */
@Injectable()
export class ServiceLogs implements OnApplicationShutdown {
  private readonly logs = new Map<string, ServiceLog>();

  constructor(@InjectConfig() private readonly config: RunnerConfig) {}

  /** An id is safe as a file's name (service-manifest.ts). */
  of(serviceId: string): ServiceLog {
    const log = this.logs.get(serviceId) ?? new ServiceLog(join(this.config.layout.serviceLogDir, `${serviceId}.log`));
    this.logs.set(serviceId, log);
    return log;
  }

  /** The service is gone. */
  remove(serviceId: string): void {
    this.of(serviceId).remove();
    this.logs.delete(serviceId);
  }

  onApplicationShutdown(): void {
    for (const log of this.logs.values()) log.flush();
  }
}
