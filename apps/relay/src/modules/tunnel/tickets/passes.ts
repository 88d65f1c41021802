import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { tunnelKeys } from '../../../platform/redis/keys.js';
import { Redis } from '../../../platform/redis/redis.js';

/** `ticket`: good once, on the way in. `cookie`: on a tunnel's own origin. `token`: in the path form. */
export type PassKind = 'ticket' | 'cookie' | 'token';

/** How long each is good for. A cookie is renewed by entering again, which the console does by itself. */
export const PASS_LIFETIME_S: Record<PassKind, number> = { ticket: 60, cookie: 12 * 3_600, token: 10 * 60 };

/** What a browser may do that holds a pass: reach one tunnel, as one person, for as long as their login or key is good. */
const Pass = Type.Object({
  tunnelId: Type.String(),
  userId: Type.String(),
  credential: Type.Union([
    Type.Object({ kind: Type.Literal('key'), keyId: Type.String() }),
    Type.Object({ kind: Type.Literal('login'), loginId: Type.String() }),
  ]),
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

  /** Null for one that is forged, used up or expired. */
  async read(kind: PassKind, secret: string): Promise<Pass | null> {
    return parse(await this.redis.commands.get(keyOf(kind, secret)));
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
  const value: unknown = json === null ? null : JSON.parse(json);
  return check.Check(value) ? value : null;
}
