import { Injectable } from '@nestjs/common';
import type { JobData } from '@pizzapi/protocol';
import { type JobProcessor, ProcessesJob } from '../../../platform/queues/job-processor.js';
import { RunListener } from './run-listener.js';

@ProcessesJob('run-listener')
@Injectable()
export class RunListenerProcessor implements JobProcessor<'run-listener'> {
  constructor(private readonly runListener: RunListener) {}

  async process(data: JobData<'run-listener'>, { number, isLast }: { number: number; isLast: boolean }): Promise<void> {
    try {
      await this.runListener.run(data);
    } catch (error) {
      if (!isLast) throw error;
      await this.runListener.giveUp(data, error, number);
    }
  }
}
