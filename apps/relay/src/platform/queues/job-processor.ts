import { DiscoveryService } from '@nestjs/core';
import type { JobData, JobName } from '@pizzapi/protocol';

/** Marks the one provider that processes a job of the catalog; checked at boot by `QueuesModule`. */
export const ProcessesJob = DiscoveryService.createDecorator<JobName>();

export interface JobProcessor<N extends JobName = JobName> {
  /**
   * Idempotent: a job may run again after a crash. Throwing means another attempt, by the catalog's backoff.
   * @param attempt With `isLast` it is time to give up, and to leave word of it. If that throws too, there is one more, until it succeeds.
   */
  process(data: JobData<N>, attempt: { number: number; isLast: boolean }): Promise<void>;
}
