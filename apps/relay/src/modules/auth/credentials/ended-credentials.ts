import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { Channels } from '../../../platform/redis/channels.js';
import { credentialKeys } from '../../../platform/redis/keys.js';
import { parseJson } from '../../../platform/redis/parse-json.js';
import { Redis } from '../../../platform/redis/redis.js';

/** A key or a login, by its public name. */
export const CredentialId = Type.Union([
  Type.Object({ kind: Type.Literal('key'), keyId: Type.String() }),
  Type.Object({ kind: Type.Literal('login'), loginId: Type.String() }),
]);
export type CredentialId = { kind: 'key'; keyId: string } | { kind: 'login'; loginId: string };

export interface CredentialListener {
  /** It was revoked, or logged out. Nothing tells of one that expires. */
  onEnded(credential: CredentialId): void;
  /** News may have been missed: ask again about each that is in use. */
  onGap(): void;
}

const check = Compile(CredentialId);

/** Tells whoever goes by what it once asked about a credential that it has ended: on this replica at once, on the others a moment later. */
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

  /** Call it once nothing accepts the credential any more. */
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
