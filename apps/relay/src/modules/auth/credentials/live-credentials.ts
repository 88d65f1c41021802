import { Injectable } from '@nestjs/common';
import { Callers } from '../accounts/callers.js';
import { VerifyApiKey } from '../api-keys/verify-api-key.js';
import type { AnyCaller } from '../caller.js';
import { LoginSession } from '../login/login-session.js';
import type { CredentialId } from './ended-credentials.js';

/** Whether what was once entered with a credential may go on. */
@Injectable()
export class LiveCredentials {
  constructor(
    private readonly verifyApiKey: VerifyApiKey,
    private readonly logins: LoginSession,
    private readonly callers: Callers,
  ) {}

  /**
   * Who it is now. Null once the key was revoked or has expired, the login was ended, or its person is gone.
   * @param userId Whose login it is; a key says so itself.
   */
  async callerOf(credential: CredentialId, userId: string): Promise<AnyCaller | null> {
    if (credential.kind === 'key') return this.verifyApiKey.byId(credential.keyId);
    if (await this.logins.hasEnded(credential.loginId)) return null;
    // A login that nobody uses expires long after anything that was entered with it.
    return this.callers.find(userId, { ...credential, expiresAt: null });
  }
}
