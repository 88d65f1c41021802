import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { tunnelKeys } from '../../../platform/redis/keys.js';
import { parseJson } from '../../../platform/redis/parse-json.js';
import { Redis } from '../../../platform/redis/redis.js';
import { CredentialId } from '../../auth/index.js';

/** `ticket`: good once, on the way in. `cookie`: on a tunnel's own origin. `token`: in the path form. */
export type PassKind = 'ticket' | 'cookie' | 'token';

/** How long each is good for. A cookie's time begins anew with each use. */
export const PASS_LIFETIME_S: Record<PassKind, number> = { ticket: 60, cookie: 12 * 3_600, token: 10 * 60 };

/** What a browser may do that holds a pass: reach one tunnel, as one person, for as long as their login or key is good. */
const Pass = Type.Object({
  tunnelId: Type.String(),
  userId: Type.String(),
  credential: CredentialId,
  /** Of a ticket: where to go. */
  path: Type.Optional(Type.String()),
});
export type Pass = Static<typeof Pass>;

const check = Compile(Pass);

/** Random secrets, and in Redis (by their hash) what they open. */
@Injectable()
export class Passes {
  constructor(private readonly redis: Redis) {}

  /** @returns the secret, which nobody can read again */
  async issue(kind: PassKind, pass: Pass): Promise<string> {
    const secret = randomBytes(32).toString('base64url');
    await this.redis.commands.set(keyOf(kind, secret), JSON.stringify(pass), 'EX', PASS_LIFETIME_S[kind]);
    return secret;
  }

  /** Null for one that is forged, used up or expired. Reading is using. */
  async read(kind: PassKind, secret: string): Promise<Pass | null> {
    const key = keyOf(kind, secret);
    const { commands } = this.redis;
    return parse(await (kind === 'cookie' ? commands.getex(key, 'EX', PASS_LIFETIME_S.cookie) : commands.get(key)));
  }

  /** The same, for one that is good once. */
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
