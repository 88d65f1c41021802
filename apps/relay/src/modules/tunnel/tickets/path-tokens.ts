import { Injectable } from '@nestjs/common';
import { errors, jwtVerify, SignJWT } from 'jose';
import { SecretKeys } from '../../../platform/secrets/secret-keys.js';
import { PASS_LIFETIME_S } from './passes.js';

const PURPOSE = 'tunnel-path';
const AUDIENCE = 'pizzapi:tunnel-path';

/** The signed form (JWT, HS256) of a pass in a URL. Valid for one tunnel and a few minutes, because URLs get around. */
@Injectable()
export class PathTokens {
  constructor(private readonly secrets: SecretKeys) {}

  async sign(tunnelId: string, secret: string): Promise<string> {
    return new SignJWT({})
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(tunnelId)
      .setJti(secret)
      .setAudience(AUDIENCE)
      .setExpirationTime(`${PASS_LIFETIME_S.token}s`)
      .sign(this.secrets.current(PURPOSE));
  }

  /** @returns null for a token that is forged or expired */
  async verify(token: string): Promise<{ tunnelId: string; secret: string } | null> {
    for (const key of this.secrets.all(PURPOSE)) {
      try {
        const { payload } = await jwtVerify(token, key, { algorithms: ['HS256'], audience: AUDIENCE });
        if (payload.sub !== undefined && payload.jti !== undefined)
          return { tunnelId: payload.sub, secret: payload.jti };
      } catch (error) {
        if (!(error instanceof errors.JOSEError)) throw error;
      }
    }
    return null;
  }
}
