import { Injectable } from '@nestjs/common';
import type { JobData } from '@pizzapi/protocol';
import { type JobProcessor, ProcessesJob } from '../../../platform/queues/job-processor.js';
import { OrderSpawn } from './order-spawn.js';

@ProcessesJob('spawn-session')
@Injectable()
export class SpawnSessionProcessor implements JobProcessor<'spawn-session'> {
  constructor(private readonly orderSpawn: OrderSpawn) {}

  process({ sessionId }: JobData<'spawn-session'>): Promise<void> {
    return this.orderSpawn.run(sessionId);
  }
}
