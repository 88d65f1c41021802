import { Injectable } from '@nestjs/common';
import { notFound } from '../../platform/http/problem.error.js';
import { pageOf } from '../../platform/http/page-query.dto.js';
import type { Caller } from '../auth/index.js';
import { decodeCursor, encodeCursor } from './dead-letter-cursor.js';
import { viewOf } from './dead-letter-view.js';
import { type DeadLetterQuery, DeadLetterRepository } from './dead-letter.repository.js';
import type { DeadLetterDto, DeadLetterListDto } from './dead-letters.dto.js';

export interface DeadLetterListRequest extends DeadLetterQuery {
  limit: number;
  cursor?: string | undefined;
}

/** The caller's dead letters. */
@Injectable()
export class ListDeadLetters {
  constructor(private readonly deadLetters: DeadLetterRepository) {}

  async run(caller: Caller, { limit, cursor, ...query }: DeadLetterListRequest): Promise<DeadLetterListDto> {
    const after = cursor === undefined ? null : decodeCursor(cursor);
    const rows = await this.deadLetters.page(caller.userId, query, after, limit + 1);
    const { page, ...next } = pageOf(rows, limit, encodeCursor);
    return { deadLetters: page.map(viewOf), ...next };
  }

  /** @throws ProblemError `not_found` when it is unknown or somebody else's */
  async one(caller: Caller, id: string): Promise<DeadLetterDto> {
    const [letter] = await this.deadLetters.findOwned(caller.userId, [id]);
    if (!letter) throw notFound('dead letter');
    return viewOf(letter);
  }

  count(ownerId: string, filter: DeadLetterQuery = {}): Promise<number> {
    return this.deadLetters.count(ownerId, filter);
  }
}
