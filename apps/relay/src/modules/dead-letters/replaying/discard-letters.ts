import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { SendAttachments } from '../../attachments/index.js';
import { TriggerRecords } from '../../deliveries/index.js';
import type { DeadLetterEntity } from '../dead-letter.entity.js';
import type { LetterChange } from './change-letters.js';

/** Gives up dead letters for good. Their triggers' records say so before they are removed, and files of messages count as unsent again. */
@Injectable()
export class DiscardLetters {
  constructor(
    private readonly records: TriggerRecords,
    private readonly attachments: SendAttachments,
    private readonly logger: PinoLogger,
  ) {}

  readonly change: LetterChange = async (letters) => {
    await Promise.all(
      letters.flatMap(({ deliveryId, item: { runnerId, triggerId } }) =>
        runnerId === undefined || triggerId === undefined
          ? []
          : [this.records.discard(runnerId, triggerId, [deliveryId])],
      ),
    );
    for (const letter of letters) await this.freeFiles(letter);
    return new Map();
  };

  private async freeFiles({ sessionId, deliveryId, item }: DeadLetterEntity): Promise<void> {
    if (item.attachments === undefined) return;
    // The message is given up in any case; should this fail, its files stay as long as their session.
    await this.attachments.takeBack(sessionId, deliveryId).catch((error: unknown) => {
      this.logger.warn({ err: error, deliveryId }, 'The files of a message that was given up stay with its session');
    });
  }
}
