import type { Queue } from 'bullmq';

/** Makes what a queue has put off due: nobody waits for minutes in a test. */
export async function dueNow(jobs: Queue): Promise<void> {
  // One may have become due by itself meanwhile, which is as good.
  await Promise.allSettled((await jobs.getDelayed()).map((job) => job.promote()));
}
