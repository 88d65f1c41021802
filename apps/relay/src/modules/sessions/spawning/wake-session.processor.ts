import { Injectable } from '@nestjs/common';
import type { JobData } from '@pizzapi/protocol';
import { type JobProcessor, ProcessesJob } from '../../../platform/queues/job-processor.js';
import { WakeSession } from './wake-session.js';

@ProcessesJob('wake-session')
@Injectable()
export class WakeSessionProcessor implements JobProcessor<'wake-session'> {
  constructor(private readonly wake: WakeSession) {}

  process({ sessionId }: JobData<'wake-session'>): Promise<void> {
    return this.wake.run(sessionId);
  }
}
