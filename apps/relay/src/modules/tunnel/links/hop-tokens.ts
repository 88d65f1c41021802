import { Injectable } from '@nestjs/common';
import { errors, jwtVerify, SignJWT } from 'jose';
import { Replica } from '../../../platform/observability/replica.js';
import { SecretKeys } from '../../../platform/secrets/secret-keys.js';

const PURPOSE = 'replica-hop';
const AUDIENCE = 'pizzapi:replica';
/** Only used for the handshake, but the clocks of two machines may differ a little. */
const LIFETIME = '60s';

/** Tokens with which replicas authenticate to each other, signed with their shared secret. */
@Injectable()
export class HopTokens {
  constructor(
    private readonly secrets: SecretKeys,
    private readonly replica: Replica,
  ) {}

  async sign(): Promise<string> {
    return new SignJWT({})
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(this.replica.id)
      .setAudience(AUDIENCE)
      .setExpirationTime(LIFETIME)
      .sign(this.secrets.current(PURPOSE));
  }

  /** @returns the id of the replica; null for a token that is forged, expired, or signed with another secret */
  async verify(token: string): Promise<string | null> {
    for (const key of this.secrets.all(PURPOSE)) {
      try {
        const { payload } = await jwtVerify(token, key, { algorithms: ['HS256'], audience: AUDIENCE });
        if (payload.sub !== undefined) return payload.sub;
      } catch (error) {
        if (!(error instanceof errors.JOSEError)) throw error;
      }
    }
    return null;
  }
}
