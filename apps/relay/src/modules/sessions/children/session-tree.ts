import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { Database } from '../../../platform/database/database.js';
import { SessionEntity } from '../session.entity.js';

const MAX_CHILDREN = 200;

/** Who started whom. */
@Injectable()
export class SessionTree {
  constructor(private readonly database: Database) {}

  /** A session's children, the oldest first; of very many the latest. */
  async childrenOf(parentSessionId: string): Promise<SessionEntity[]> {
    const rows = await this.database.read.find(SessionEntity, {
      where: { parentSessionId },
      order: { createdAt: 'DESC', sessionId: 'DESC' },
      take: MAX_CHILDREN,
    });
    return rows.reverse();
  }

  /** A session's children and theirs, all the way down, those nearest to it first. */
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
