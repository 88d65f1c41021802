import { Injectable } from '@nestjs/common';
import { SessionStatus } from '@pizzapi/protocol';
import { In, Not } from 'typeorm';
import { Database, type Transaction } from '../../../platform/database/database.js';
import { SessionEntity } from '../session.entity.js';

const MAX_CHILDREN = 200;

/** Reads which sessions started which. */
@Injectable()
export class SessionTreeRepository {
  constructor(private readonly database: Database) {}

  /** A session's children, the oldest first. Of more than 200, only the latest. */
  async childrenOf(parentSessionId: string): Promise<SessionEntity[]> {
    const rows = await this.database.read.find(SessionEntity, {
      where: { parentSessionId },
      order: { createdAt: 'DESC', sessionId: 'DESC' },
      take: MAX_CHILDREN,
    });
    return rows.reverse();
  }

  /** How many open sessions there are below the one at the top, at any depth. @param except the id of one that is not counted */
  countOpenBelow(transaction: Transaction, rootSessionId: string, except?: string): Promise<number> {
    return transaction.countBy(SessionEntity, {
      rootSessionId,
      ...(except !== undefined && { sessionId: Not(except) }),
      status: In([SessionStatus.pending, SessionStatus.active]),
    });
  }

  /** All sessions below this one, at any depth, the nearest first. */
  async below(sessionId: string): Promise<SessionEntity[]> {
    const found: SessionEntity[] = [];
    for (let parents = [sessionId]; parents.length > 0;) {
      const children = await this.database.read.findBy(SessionEntity, { parentSessionId: In(parents) });
      found.push(...children);
      parents = children.map((child) => child.sessionId);
    }
    return found;
  }
}
