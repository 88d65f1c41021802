import { type OnApplicationShutdown, Injectable } from '@nestjs/common';
import { JobCatalog, type JobData, type JobName } from '@pizzapi/protocol';
import { type BackoffOptions, Queue } from 'bullmq';
import { PinoLogger } from 'nestjs-pino';
import { Redis } from '../redis/redis.js';
import { isDataOf } from './job-data.js';

/** Exponential backoff with a ceiling: what has failed for an hour should not wait for days once the cause is gone. */
const CAPPED = 'capped';
const LONGEST_MS = 512_000;

/** How long to wait after so many failed attempts, in ms. */
export function cappedBackoff(attempts: number, { delay = 0, jitter = 0 }: Omit<BackoffOptions, 'type'>): number {
  const longest = Math.min(LONGEST_MS, delay * 2 ** (attempts - 1));
  return Math.floor(longest * (1 - jitter * Math.random()));
}

/** Adds jobs. A queue ignores a job whose id it still knows, also of a finished one. */
@Injectable()
export class Queues implements OnApplicationShutdown {
  private readonly queues = new Map<string, Queue>();

  constructor(
    private readonly redis: Redis,
    private readonly logger: PinoLogger,
  ) {}

  /** @param delayMs how long the job waits before its first attempt */
  async add<N extends JobName>(name: N, jobId: string, data: JobData<N>, delayMs = 0): Promise<void> {
    const { queue, backoff } = JobCatalog[name];
    await this.queue(queue).add(name, data, {
      jobId,
      delay: delayMs,
      // A job stands for something that was accepted, so BullMQ must never give it up; that decision is the processor's.
      attempts: Number.MAX_SAFE_INTEGER,
      backoff: { ...backoff, type: CAPPED },
      stackTraceLimit: 1,
      removeOnComplete: { age: 3_600, count: 1_000 },
    });
  }

  /** The data of the unfinished jobs of that name, for showing. Reads the whole queue, so it is only for queues that are nearly empty. */
  async unfinished<N extends JobName>(name: N): Promise<JobData<N>[]> {
    const jobs = await this.queue(JobCatalog[name].queue).getJobs(['active', 'waiting', 'prioritized', 'delayed']);
    return jobs.flatMap((job) => (job?.name === name && isDataOf(name, job.data) ? [job.data] : []));
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
  }

  private queue(name: string): Queue {
    let queue = this.queues.get(name);
    if (!queue) {
      queue = new Queue(name, { connection: this.redis.connect(`queue-${name}`), prefix: '{pz:queues}' });
      // Without a listener BullMQ writes the error to the console, past the log.
      queue.on('error', (error) =>
        this.logger.warn({ queue: name, reason: error.message }, 'A queue lost Redis; retrying'),
      );
      this.queues.set(name, queue);
    }
    return queue;
  }
}
