import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { tunnelKeys } from '../../../platform/redis/keys.js';
import { parseJson } from '../../../platform/redis/parse-json.js';
import { Redis } from '../../../platform/redis/redis.js';
import { CredentialId } from '../../auth/index.js';

/** `ticket`: for entering, valid once. `cookie`: on a tunnel's own origin. `token`: in the path form. */
export type PassKind = 'ticket' | 'cookie' | 'token';

/** How long each is valid. Each use of a cookie extends it. */
export const PASS_LIFETIME_S: Record<PassKind, number> = { ticket: 60, cookie: 12 * 3_600, token: 10 * 60 };

/** A pass lets a browser reach one tunnel as one person, as long as the credential of that person is valid. */
const Pass = Type.Object({
  tunnelId: Type.String(),
  userId: Type.String(),
  credential: CredentialId,
  /** For a ticket: the path to open. */
  path: Type.Optional(Type.String()),
});
export type Pass = Static<typeof Pass>;

const check = Compile(Pass);

/** Issues random secrets, and keeps the passes in Redis under the hashes of these. */
@Injectable()
export class Passes {
  constructor(private readonly redis: Redis) {}

  /** @returns the secret, of which only the hash is stored */
  async issue(kind: PassKind, pass: Pass): Promise<string> {
    const secret = randomBytes(32).toString('base64url');
    await this.redis.commands.set(keyOf(kind, secret), JSON.stringify(pass), 'EX', PASS_LIFETIME_S[kind]);
    return secret;
  }

  /** Reads a pass, and extends that of a cookie. @returns null if it is forged, used or expired */
  async read(kind: PassKind, secret: string): Promise<Pass | null> {
    const key = keyOf(kind, secret);
    const { commands } = this.redis;
    return parse(await (kind === 'cookie' ? commands.getex(key, 'EX', PASS_LIFETIME_S.cookie) : commands.get(key)));
  }

  /** Reads and deletes a pass that is valid once. */
  async take(kind: PassKind, secret: string): Promise<Pass | null> {
    return parse(await this.redis.commands.getdel(keyOf(kind, secret)));
  }
}

function keyOf(kind: PassKind, secret: string): string {
  return tunnelKeys.pass(kind, createHash('sha256').update(secret).digest('hex'));
}

function parse(json: string | null): Pass | null {
  const value: unknown = json === null ? null : parseJson(json);
  return check.Check(value) ? value : null;
}
