import { Injectable } from '@nestjs/common';
import { type SessionFailure, SessionStatus } from '@pizzapi/protocol';
import { In } from 'typeorm';
import { Database } from '../../../platform/database/database.js';
import { RunnerEntity } from '../../runners/index.js';
import { SessionEntity } from '../../sessions/index.js';

/** What a dead letter needs to know about its session. */
export interface SessionFate {
  sessionId: string;
  name: string;
  runnerId: string;
  ownerId: string;
  organisationId: string;
  status: SessionStatus;
  failure: SessionFailure | null;
}

/** The owner of a dead letter whose session does not exist any more. */
export interface LetterOwner {
  ownerId: string;
  organisationId: string;
}

const fields = {
  sessionId: true,
  name: true,
  runnerId: true,
  ownerId: true,
  organisationId: true,
  status: true,
  failure: true,
} as const;

/** Reads how sessions stand. Only a few columns, because it is asked at every change of any session. */
@Injectable()
export class SessionFatesRepository {
  constructor(private readonly database: Database) {}

  async of(sessionIds: readonly string[]): Promise<Map<string, SessionFate>> {
    const rows = await this.database.read.find(SessionEntity, {
      where: { sessionId: In([...new Set(sessionIds)]) },
      select: fields,
    });
    return new Map(rows.map((row) => [row.sessionId, row]));
  }

  /** Those of them that have failed. */
  failedAmong(sessionIds: readonly string[]): Promise<SessionFate[]> {
    return this.database.read.find(SessionEntity, {
      where: { sessionId: In([...new Set(sessionIds)]), status: SessionStatus.failed },
      select: fields,
    });
  }

  async ownersOfRunners(runnerIds: readonly string[]): Promise<Map<string, LetterOwner>> {
    const rows = await this.database.read.find(RunnerEntity, {
      where: { runnerId: In([...new Set(runnerIds)]) },
      select: { runnerId: true, ownerId: true, organisationId: true },
    });
    return new Map(
      rows.flatMap(({ runnerId, ownerId, organisationId }) =>
        ownerId !== null && organisationId !== null ? [[runnerId, { ownerId, organisationId }] as const] : [],
      ),
    );
  }
}
