import { type OnApplicationShutdown, Injectable } from '@nestjs/common';
import { JobCatalog, type JobData, type JobName } from '@pizzapi/protocol';
import { Queue } from 'bullmq';
import { Redis } from '../redis/redis.js';

/** Gives orders. A job id that is still known to the queue is not added again. */
@Injectable()
export class Queues implements OnApplicationShutdown {
  private readonly queues = new Map<string, Queue>();

  constructor(private readonly redis: Redis) {}

  /** @param delayMs How long it waits before its first attempt. */
  async add<N extends JobName>(name: N, jobId: string, data: JobData<N>, delayMs = 0): Promise<void> {
    const { queue, attempts, backoff } = JobCatalog[name];
    await this.queue(queue).add(name, data, {
      jobId,
      delay: delayMs,
      attempts,
      backoff,
      removeOnComplete: { age: 3_600, count: 1_000 },
      removeOnFail: { age: 7 * 24 * 3_600 },
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
  }

  private queue(name: string): Queue {
    let queue = this.queues.get(name);
    if (!queue) {
      queue = new Queue(name, { connection: this.redis.connect(`queue-${name}`), prefix: '{pz:queues}' });
      this.queues.set(name, queue);
    }
    return queue;
  }
}
