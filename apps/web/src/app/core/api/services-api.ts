import { Service, inject } from '@angular/core';
import { commandService, readServiceLog } from '@pizzapi/api-client';
import type { ServiceCommand, ServiceLog } from '@pizzapi/protocol';
import { has, isListOf, isRecord } from '../realtime/shape';
import { expected } from './api-problem';
import { RelayClient } from './relay-client';

/** What a person does to a runner's services. Which there are, and their states, come with the runner itself. */
@Service()
export class ServicesApi {
  private readonly relay = inject(RelayClient);

  /** Resolves once the runner has carried it out or begun to. */
  async command(runnerId: string, serviceId: string, command: ServiceCommand): Promise<void> {
    await commandService({ ...this.relay.options, path: { runnerId, serviceId, command } });
  }

  /** The last lines, the oldest first. */
  async log(runnerId: string, serviceId: string, limit: number): Promise<ServiceLog> {
    const { data } = await readServiceLog({ ...this.relay.options, path: { runnerId, serviceId }, query: { limit } });
    return expected(data, isServiceLog);
  }
}

function isServiceLog(value: unknown): value is ServiceLog {
  return (
    isRecord(value) &&
    typeof value['isTruncated'] === 'boolean' &&
    isListOf(value['lines'], (line) => has(line, 'ts', 'stream', 'text'))
  );
}
