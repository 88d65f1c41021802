import { Injectable } from '@nestjs/common';
import { Callers } from '../accounts/callers.js';
import { VerifyApiKey } from '../api-keys/verify-api-key.js';
import type { AnyCaller } from '../caller.js';
import { LoginSession } from '../login/login-session.js';
import type { CredentialId } from './ended-credentials.js';

/** Checks whether connections that were opened with a credential may continue. */
@Injectable()
export class LiveCredentials {
  constructor(
    private readonly verifyApiKey: VerifyApiKey,
    private readonly logins: LoginSession,
    private readonly callers: Callers,
  ) {}

  /**
   * @param userId the user of a login; ignored for a key, which names its owner
   * @returns the current caller; null once the key was revoked or has expired, the login has ended, or the user was deleted
   */
  async callerOf(credential: CredentialId, userId: string): Promise<AnyCaller | null> {
    if (credential.kind === 'key') return this.verifyApiKey.byId(credential.keyId);
    if (await this.logins.hasEnded(credential.loginId)) return null;
    // Connections end long before an unused login expires.
    return this.callers.find(userId, { ...credential, expiresAt: null });
  }
}
