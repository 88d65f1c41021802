import { type OnApplicationShutdown, Global, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryModule, DiscoveryService } from '@nestjs/core';
import { JobCatalog, type JobName } from '@pizzapi/protocol';
import { type Job, type MinimalJob, Worker, type WorkerOptions } from 'bullmq';
import { PinoLogger } from 'nestjs-pino';
import { Redis } from '../redis/redis.js';
import { isDataOf } from './job-data.js';
import { type JobProcessor, ProcessesJob } from './job-processor.js';
import { cappedBackoff, Queues } from './queues.js';

/**
 * How queues recover from a crash. A job is safe to repeat, so it is taken over soon after its replica was killed, however often that
 * happens. By BullMQ's default, a job that two kills interrupted would have failed, without its processor ever hearing of it.
 */
export const QUEUE_OPTIONS = {
  concurrency: 16,
  lockDuration: 5_000,
  stalledInterval: 2_000,
  maxStalledCount: 1_000,
  /** While Redis loads its data at its start, it answers with errors. */
  runRetryDelay: 500,
} as const satisfies Partial<WorkerOptions>;

/** Starts one BullMQ worker per queue. Refuses to boot on a job without a processor, with two, or with an unknown name. */
@Global()
@Module({ imports: [DiscoveryModule], providers: [Queues], exports: [Queues] })
export class QueuesModule implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly workers: Worker[] = [];

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly redis: Redis,
    private readonly logger: PinoLogger,
  ) {}

  onApplicationBootstrap(): void {
    const processors = this.findProcessors();
    for (const queue of new Set(Object.values(JobCatalog).map((job) => job.queue))) {
      const worker = new Worker(queue, (job) => this.process(job, processors), {
        connection: this.redis.connect(`worker-${queue}`),
        prefix: '{pz:queues}',
        settings: { backoffStrategy },
        ...QUEUE_OPTIONS,
      });
      worker.on('error', (error) =>
        this.logger.warn({ queue, reason: error.message }, 'A queue worker lost Redis; retrying'),
      );
      worker.on('failed', (job, error) =>
        this.logger.warn({ queue, job: job?.name, jobId: job?.id, err: error }, 'A job failed'),
      );
      this.workers.push(worker);
    }
  }

  /** Lets running jobs finish. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.close()));
  }

  private findProcessors(): Map<string, JobProcessor> {
    const found = new Map<string, JobProcessor>();
    for (const wrapper of this.discovery.getProviders({ metadataKey: ProcessesJob.KEY })) {
      const name = this.discovery.getMetadataByDecorator(ProcessesJob, wrapper);
      const instance: unknown = wrapper.instance;
      if (!name || !(name in JobCatalog))
        throw new Error(`${String(wrapper.name)} processes a job that the catalog does not know: ${String(name)}.`);
      if (!isProcessor(instance))
        throw new Error(`${String(wrapper.name)} is marked as a processor but has no process().`);
      if (found.has(name)) throw new Error(`The job "${name}" has two processors.`);
      found.set(name, instance);
    }
    const missing = Object.keys(JobCatalog).filter((name) => !found.has(name));
    if (missing.length > 0) throw new Error(`No processor for: ${missing.join(', ')}.`);
    return found;
  }

  private async process(job: Job<unknown>, processors: Map<string, JobProcessor>): Promise<void> {
    const processor = processors.get(job.name);
    if (!processor || !isJobName(job.name)) throw new Error(`Unknown job "${job.name}"; a newer replica may know it.`);
    const data = job.data;
    if (!isDataOf(job.name, data)) throw new Error(`The data of job ${job.name} ${job.id} does not fit its schema.`);
    const number = job.attemptsMade + 1;
    await processor.process(data, { number, isLast: number >= JobCatalog[job.name].attempts });
  }
}

function backoffStrategy(attempts: number, _type?: string, _error?: Error, job?: MinimalJob): number {
  const backoff = job?.opts.backoff;
  return cappedBackoff(attempts, typeof backoff === 'object' ? backoff : {});
}

function isJobName(name: string): name is JobName {
  return name in JobCatalog;
}

function isProcessor(instance: unknown): instance is JobProcessor {
  return (
    typeof instance === 'object' && instance !== null && 'process' in instance && typeof instance.process === 'function'
  );
}
