import { Injectable } from '@nestjs/common';
import { ProblemCode } from '@pizzapi/protocol';
import { errors, jwtVerify, SignJWT } from 'jose';
import { ProblemError } from '../../platform/http/problem.error.js';
import { SecretKeys } from '../../platform/secrets/secret-keys.js';

const PURPOSE = 'worker-token';
const LIFETIME = '5m';
const AUDIENCE = 'pizzapi:agent';

/** The claims of a worker's token: its session, runner and owner. */
export interface WorkerClaims {
  sessionId: string;
  runnerId: string;
  ownerId: string;
}

/** Short-lived tokens (JWT, HS256) for workers, so that an agent's process never has a permanent credential. */
@Injectable()
export class WorkerTokens {
  constructor(private readonly secrets: SecretKeys) {}

  async issue({ sessionId, runnerId, ownerId }: WorkerClaims): Promise<string> {
    return new SignJWT({ runnerId, ownerId })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(sessionId)
      .setAudience(AUDIENCE)
      .setIssuedAt()
      .setExpirationTime(LIFETIME)
      .sign(this.secrets.current(PURPOSE));
  }

  /** @throws ProblemError `unauthenticated` for a token that is forged or expired */
  async verify(token: string): Promise<WorkerClaims> {
    for (const key of this.secrets.all(PURPOSE)) {
      const claims = await this.claimsOf(token, key);
      if (claims) return claims;
    }
    throw new ProblemError(
      401,
      ProblemCode.unauthenticated,
      "This worker's token is forged or has expired; the daemon fetches a new one.",
    );
  }

  private async claimsOf(token: string, key: Uint8Array): Promise<WorkerClaims | null> {
    try {
      const { payload } = await jwtVerify(token, key, { algorithms: ['HS256'], audience: AUDIENCE });
      const { sub, runnerId, ownerId } = payload;
      return typeof sub === 'string' && typeof runnerId === 'string' && typeof ownerId === 'string'
        ? { sessionId: sub, runnerId, ownerId }
        : null;
    } catch (error) {
      if (error instanceof errors.JOSEError) return null;
      throw error;
    }
  }
}
