import { Injectable } from '@nestjs/common';
import { type JobData, ProblemCode } from '@pizzapi/protocol';
import { type JobProcessor, ProcessesJob } from '../../../platform/queues/job-processor.js';
import { DeadLetterSink } from '../dead-letter-sink.js';
import type { NewDelivery } from '../inbox/new-delivery.js';
import { deliverableOf } from './bus-entry.js';
import { DeliverApart } from './deliver-apart.js';

/**
 * Tries again to read an entry that the reader of its bus did not understand. While replicas of several versions run, another one may understand it.
 * An entry that none does becomes a dead letter, with everything that it held.
 */
@ProcessesJob('read-entry')
@Injectable()
export class ReadEntryProcessor implements JobProcessor<'read-entry'> {
  constructor(
    private readonly apart: DeliverApart,
    private readonly deadLetters: DeadLetterSink,
  ) {}

  async process(
    { runnerId, entryId, fields }: JobData<'read-entry'>,
    { isLast, number }: { isLast: boolean; number: number },
  ): Promise<void> {
    const entry = deliverableOf(fields);
    if (entry) return this.apart.run(runnerId, entry);
    const detail = `Version and entry do not fit: this relay cannot read what it found as ${entryId} on the bus of its runner.`;
    if (!isLast) throw new Error(detail);
    // For no session: nobody knows which one it was meant for.
    const dead = { sessionId: '', item: letterItem(runnerId, entryId, fields) };
    await this.deadLetters.port.bury([dead], { code: ProblemCode.malformedMessage, detail }, number);
  }
}

function letterItem(runnerId: string, entryId: string, fields: readonly string[]): NewDelivery {
  return {
    deliveryId: `entry_${runnerId}_${entryId}`,
    kind: 'input',
    deliverAs: 'followUp',
    ts: new Date(Number(entryId.split('-')[0])).toISOString(),
    text: fields.join(' '),
    runnerId,
  };
}
