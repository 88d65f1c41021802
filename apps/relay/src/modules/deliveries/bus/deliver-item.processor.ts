import { Injectable } from '@nestjs/common';
import { type JobData, ProblemCode } from '@pizzapi/protocol';
import { type JobProcessor, ProcessesJob } from '../../../platform/queues/job-processor.js';
import { DeadLetterSink } from '../dead-letter-sink.js';
import { SessionInbox } from '../inbox/session-inbox.js';

/** Tries again to put something without a trigger record (what a person said, or what is replayed) into its session's inbox. */
@ProcessesJob('deliver-item')
@Injectable()
export class DeliverItemProcessor implements JobProcessor<'deliver-item'> {
  constructor(
    private readonly inbox: SessionInbox,
    private readonly deadLetters: DeadLetterSink,
  ) {}

  async process(
    delivery: JobData<'deliver-item'>,
    { isLast, number }: { isLast: boolean; number: number },
  ): Promise<void> {
    try {
      await this.inbox.append(delivery.sessionId, delivery.item);
    } catch (error) {
      if (!isLast) throw error;
      const detail = `It could not be put into the session's inbox: ${String(error)}`;
      await this.deadLetters.port.bury([delivery], { code: ProblemCode.fanOutFailed, detail }, number);
    }
  }
}
