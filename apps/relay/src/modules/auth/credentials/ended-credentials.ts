import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { Channels } from '../../../platform/redis/channels.js';
import { credentialKeys } from '../../../platform/redis/keys.js';
import { parseJson } from '../../../platform/redis/parse-json.js';
import { Redis } from '../../../platform/redis/redis.js';

/** A key or a login, by its public id. */
export const CredentialId = Type.Union([
  Type.Object({ kind: Type.Literal('key'), keyId: Type.String() }),
  Type.Object({ kind: Type.Literal('login'), loginId: Type.String() }),
]);
export type CredentialId = { kind: 'key'; keyId: string } | { kind: 'login'; loginId: string };

export interface CredentialListener {
  /** The credential was revoked or logged out. Expiry is not reported. */
  onEnded(credential: CredentialId): void;
  /** Messages may have been missed: every credential in use has to be checked again. */
  onGap(): void;
}

const check = Compile(CredentialId);

/** Notifies users of cached credentials that one has ended: on this replica immediately, on the others a moment later. */
@Injectable()
export class EndedCredentials implements OnModuleInit {
  private readonly listeners: CredentialListener[] = [];

  constructor(
    private readonly redis: Redis,
    private readonly channels: Channels,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.channels.subscribe(credentialKeys.ended, {
      onMessage: (json) => {
        const credential: unknown = parseJson(json);
        if (check.Check(credential)) this.tellHere(credential);
      },
      onGap: () => this.listeners.forEach((listener) => listener.onGap()),
    });
  }

  listen(listener: CredentialListener): void {
    this.listeners.push(listener);
  }

  /** To be called once the credential is no longer accepted. */
  async tell(credential: CredentialId): Promise<void> {
    this.tellHere(credential);
    await this.redis.commands.spublish(credentialKeys.ended, JSON.stringify(credential));
  }

  private tellHere(credential: CredentialId): void {
    for (const listener of this.listeners) listener.onEnded(credential);
  }
}

export function isSameCredential(a: CredentialId, b: CredentialId): boolean {
  return a.kind === 'key' ? b.kind === 'key' && a.keyId === b.keyId : b.kind === 'login' && a.loginId === b.loginId;
}
