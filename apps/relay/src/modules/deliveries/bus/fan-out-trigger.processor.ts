import { Injectable } from '@nestjs/common';
import { type JobData, ProblemCode } from '@pizzapi/protocol';
import { PinoLogger } from 'nestjs-pino';
import { type JobProcessor, ProcessesJob } from '../../../platform/queues/job-processor.js';
import { DeadLetterSink } from '../dead-letter-sink.js';
import { TriggerRecords } from '../records/trigger-records.js';
import { deliveriesOf, FanOut } from './fan-out.js';

/** Fans out a trigger once more whose fan-out failed on its bus. As a job it can be tried many times, without holding up the bus. */
@ProcessesJob('fan-out-trigger')
@Injectable()
export class FanOutTriggerProcessor implements JobProcessor<'fan-out-trigger'> {
  constructor(
    private readonly records: TriggerRecords,
    private readonly fanOut: FanOut,
    private readonly deadLetters: DeadLetterSink,
    private readonly logger: PinoLogger,
  ) {}

  async process(
    { runnerId, triggerId }: JobData<'fan-out-trigger'>,
    { isLast, number }: { isLast: boolean; number: number },
  ): Promise<void> {
    const record = await this.records.read(runnerId, triggerId);
    if (!record) return;
    const deliveries = deliveriesOf(runnerId, record);
    const failures = await this.fanOut.append(deliveries);
    await this.fanOut.startListeners(runnerId, record);
    const failed = deliveries.filter((_, at) => failures[at]);
    if (failed.length === 0) return;
    const failure = failures.find((error) => error !== null) ?? new Error('no reason was given');
    if (!isLast) throw failure;
    this.logger.error({ err: failure, triggerId, deliveries: failed.length }, 'A fan-out failed for good');
    const detail = `It could not be put into the session's inbox: ${failure.message}`;
    await this.deadLetters.port.bury(failed, { code: ProblemCode.fanOutFailed, detail }, number);
  }
}
