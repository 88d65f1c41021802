import { DiscoveryService } from '@nestjs/core';
import type { JobData, JobName } from '@pizzapi/protocol';

/** Marks the one provider that processes a job of the catalog; checked at boot by `QueuesModule`. */
export const ProcessesJob = DiscoveryService.createDecorator<JobName>();

export interface JobProcessor<N extends JobName = JobName> {
  /**
   * Must be idempotent: a job may run again after a crash. When it throws, there is another attempt, after the catalog's backoff.
   * @param attempt `number` counts from 1. With `isLast` it is time to give up and to leave a trace, such as a dead letter; should that throw
   * as well, it is attempted again until it succeeds.
   */
  process(data: JobData<N>, attempt: { number: number; isLast: boolean }): Promise<void>;
}
