import { Injectable } from '@nestjs/common';
import { ProblemCode } from '@pizzapi/protocol';
import { conflict, notFound, ProblemError } from '../../../platform/http/problem.error.js';
import { EventBus } from '../../../platform/streams/event-bus.js';
import type { Caller } from '../../auth/index.js';
import type { DeadLetterEntity } from '../dead-letter.entity.js';
import { DeadLetterRepository } from '../dead-letter.repository.js';
import { LetterClaims } from '../letter-claims.js';

/** How long to wait for a claim: a person may see a letter, and replay it, while its burial is still in its last steps. */
const PATIENCE_MS = 2_000;

/** Which dead letters were changed, and why the others were not, by id. */
export interface ChangedLetters {
  done: string[];
  refused: Map<string, ProblemError>;
}

/** Replays or discards dead letters, which are removed afterwards. @returns those that it refuses, and why; these are kept */
export type LetterChange = (letters: DeadLetterEntity[]) => Promise<Map<string, ProblemError>>;

/** What replaying and discarding have in common: only the owner may, one caller at a time, and a letter is removed when the change is complete. */
@Injectable()
export class ChangeLetters {
  constructor(
    private readonly deadLetters: DeadLetterRepository,
    private readonly claims: LetterClaims,
    private readonly bus: EventBus,
  ) {}

  async run(caller: Caller, ids: readonly string[], change: LetterChange): Promise<ChangedLetters> {
    const asked = [...new Set(ids)];
    const claimed = await this.claims.take(asked, PATIENCE_MS);
    try {
      // Read under the claim: whoever held it before may have removed some.
      const letters = await this.deadLetters.findOwned(caller.userId, asked);
      const mine = letters.filter(({ deliveryId }) => claimed.deliveryIds.has(deliveryId)).sort(byTime);
      const refused = await change(mine);
      const done = mine.filter(({ deliveryId }) => !refused.has(deliveryId));
      await this.deadLetters.remove(done);
      if (done.length > 0) await this.bus.publish('dead-letters.changed', { ownerId: caller.userId });
      const known = new Set(letters.map(({ deliveryId }) => deliveryId));
      for (const id of asked)
        if (!known.has(id)) refused.set(id, notFound('dead letter'));
        else if (!claimed.deliveryIds.has(id)) refused.set(id, busy());
      return { done: done.map(({ deliveryId }) => deliveryId), refused };
    } finally {
      await claimed.release();
    }
  }

  /** The same for a single one. @throws ProblemError when it is refused */
  async one(caller: Caller, id: string, change: LetterChange): Promise<void> {
    const { refused } = await this.run(caller, [id], change);
    for (const problem of refused.values()) throw problem;
  }
}

/** In the order in which they were fired or said. Ids of the same millisecond sort by time as well. */
function byTime(a: DeadLetterEntity, b: DeadLetterEntity): number {
  return a.ts.getTime() - b.ts.getTime() || (a.deliveryId < b.deliveryId ? -1 : 1);
}

function busy(): ProblemError {
  return conflict(
    ProblemCode.conflict,
    'This dead letter is being stored, replayed or discarded right now; look again in a moment.',
  );
}
