import { Service, inject } from '@angular/core';
import { commandService, readServiceLog } from '@pizzapi/api-client';
import type { ServiceCommand, ServiceLog } from '@pizzapi/protocol';
import { has, isListOf, isRecord } from '../shape';
import { isText } from './answer-shapes';
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

  /** The last lines, or with a cursor those before another page; the oldest first. */
  async log(
    runnerId: string,
    serviceId: string,
    query: { limit: number; cursor?: string | undefined },
  ): Promise<ServiceLogPage> {
    const { data } = await readServiceLog({ ...this.relay.options, path: { runnerId, serviceId }, query });
    return expected(data, isServiceLogPage);
  }
}

type ServiceLogPage = Omit<ServiceLog, 'start'> & { nextCursor?: string };

function isServiceLogPage(value: unknown): value is ServiceLogPage {
  return (
    isRecord(value) &&
    (value['nextCursor'] === undefined || isText(value['nextCursor'])) &&
    typeof value['isTruncated'] === 'boolean' &&
    isListOf(value['lines'], (line) => has(line, 'ts', 'stream', 'text'))
  );
}
