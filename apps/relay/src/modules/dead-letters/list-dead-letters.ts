import { Injectable } from '@nestjs/common';
import { notFound } from '../../platform/http/problem.error.js';
import { pageOf } from '../../platform/http/page-query.dto.js';
import type { Caller } from '../auth/index.js';
import { decodeCursor, encodeCursor } from './dead-letter-cursor.js';
import { viewOf } from './dead-letter-view.js';
import { type DeadLetterQuery, DeadLetterRepository } from './dead-letter.repository.js';
import type { DeadLetterEntity } from './dead-letter.entity.js';
import type { DeadLetterDto, DeadLetterListDto } from './dead-letters.dto.js';
import { ReplayRefusals } from './replaying/replay-refusals.js';

export interface DeadLetterListRequest extends DeadLetterQuery {
  limit: number;
  cursor?: string | undefined;
}

/** The caller's dead letters. */
@Injectable()
export class ListDeadLetters {
  constructor(
    private readonly deadLetters: DeadLetterRepository,
    private readonly refusals: ReplayRefusals,
  ) {}

  async run(caller: Caller, { limit, cursor, ...query }: DeadLetterListRequest): Promise<DeadLetterListDto> {
    const after = cursor === undefined ? null : decodeCursor(cursor);
    const rows = await this.deadLetters.page(caller.userId, query, after, limit + 1);
    const { page, ...next } = pageOf(rows, limit, encodeCursor);
    return { deadLetters: await this.viewsOf(page), ...next };
  }

  /** @throws ProblemError `not_found` when it is unknown or somebody else's */
  async one(caller: Caller, id: string): Promise<DeadLetterDto> {
    const [letter] = await this.viewsOf(await this.deadLetters.findOwned(caller.userId, [id]));
    if (!letter) throw notFound('dead letter');
    return letter;
  }

  count(ownerId: string, filter: DeadLetterQuery = {}): Promise<number> {
    return this.deadLetters.count(ownerId, filter);
  }

  private async viewsOf(letters: readonly DeadLetterEntity[]): Promise<DeadLetterDto[]> {
    const refusals = await this.refusals.of(letters);
    return letters.map((letter) => viewOf(letter, refusals.get(letter.deliveryId)));
  }
}
