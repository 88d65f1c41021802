import { Injectable } from '@nestjs/common';
import { TriggerRecords } from '../../deliveries/index.js';
import type { LetterChange } from './change-letters.js';

/** Gives up dead letters for good; their triggers' records say so before they are removed. */
@Injectable()
export class DiscardLetters {
  constructor(private readonly records: TriggerRecords) {}

  readonly change: LetterChange = async (letters) => {
    await Promise.all(
      letters.flatMap(({ deliveryId, item: { runnerId, triggerId } }) =>
        runnerId === undefined || triggerId === undefined
          ? []
          : [this.records.discard(runnerId, triggerId, [deliveryId])],
      ),
    );
    return new Map();
  };
}
