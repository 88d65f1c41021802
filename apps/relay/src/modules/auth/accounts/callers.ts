import { Injectable } from '@nestjs/common';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { Database } from '../../../platform/database/database.js';
import { type Caller, type Credential, Role } from '../caller.js';

const found = Compile(
  Type.Object({ name: Type.String(), email: Type.String(), organisationId: Type.String(), role: Type.Enum(Role) }),
);

/** Finds the caller for a user id that a credential has proven. */
@Injectable()
export class Callers {
  constructor(private readonly database: Database) {}

  /** One small query, as every request needs it. @returns null if the user was deleted or is in no organisation */
  async find(userId: string, credential: Credential): Promise<Caller | null> {
    const rows: unknown = await this.database.read.query(BY_USER, [userId]);
    const row: unknown = Array.isArray(rows) ? rows[0] : undefined;
    return found.Check(row) ? { kind: 'person', userId, ...row, credential } : null;
  }
}

const BY_USER = `
  SELECT u.name AS "name", u.email AS "email", m.organisation_id AS "organisationId", m.role AS "role"
  FROM users u INNER JOIN members m ON m.user_id = u.user_id
  WHERE u.user_id = $1
  ORDER BY m.joined_at ASC
  LIMIT 1`;
