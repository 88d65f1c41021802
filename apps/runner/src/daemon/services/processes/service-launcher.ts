import { fileURLToPath } from 'node:url';
import { Injectable } from '@nestjs/common';
import type { RunnerConfig } from '../../../config/runner-config.js';
import { serviceEnvironment } from '../../../config/service-environment.js';
import type { Logger } from '../../../logging/logger.js';
import { InjectConfig, InjectLogger } from '../../settings/settings.module.js';
import type { DeclaredService } from '../discovery/discovered-service.js';
import { ServiceKeys } from '../keys/service-keys.js';
import type { ServiceLog } from '../logs/service-log.js';
import { WantedTriggers } from '../wanted-triggers.js';
import { prepareServiceHome } from './service-home.js';
import type { ServiceLimits } from './service-limits.js';
import { ServiceProcess, type ProcessEvents } from './service-process.js';
import { ServiceProcessesFile } from './service-processes.file.js';

const SERVICE_PROGRAM = fileURLToPath(new URL('../../../service/main.js', import.meta.url));

/** Starts services' processes with all that they need. */
@Injectable()
export class ServiceLauncher {
  private readonly processes: ServiceProcessesFile;

  constructor(
    @InjectConfig() private readonly config: RunnerConfig,
    @InjectLogger() logger: Logger,
    private readonly keys: ServiceKeys,
    private readonly wanted: WantedTriggers,
  ) {
    this.processes = new ServiceProcessesFile(config.layout.serviceProcessFile, logger);
  }

  /** Of an earlier daemon. */
  endLeftovers(): Promise<void> {
    return this.processes.endLeftovers();
  }

  launch(
    service: DeclaredService,
    { limits, log }: { limits: ServiceLimits; log: ServiceLog },
    events: Omit<ProcessEvents, 'onKeyRefused'>,
  ): ServiceProcess {
    const serviceId = service.manifest.id;
    const { layout, relayUrl } = this.config;
    const { initMs, disposeMs, panelMs } = limits;
    const options = {
      program: SERVICE_PROGRAM,
      cwd: service.path,
      env: serviceEnvironment({ serviceId, home: layout.home, userHome: prepareServiceHome(layout), relayUrl }),
      limits,
      log,
      start: () => ({
        type: 'start' as const,
        serviceId,
        folder: service.folder,
        entry: service.entry,
        panelDir: service.panelDir,
        cacheDir: layout.serviceCacheDir,
        relayUrl,
        apiKey: this.keys.get(serviceId),
        subscriptions: this.wanted.of(serviceId),
        deadlines: { initMs, disposeMs, panelMs },
      }),
    };
    return new ServiceProcess(options, {
      ...events,
      onStarted: (pid) => {
        this.processes.add(pid);
        events.onStarted(pid);
      },
      onKeyRefused: (apiKey) => this.keys.refused(serviceId, apiKey),
      onEnd: (end, pid) => {
        if (pid !== null) this.processes.remove(pid);
        events.onEnd(end, pid);
      },
    });
  }
}
