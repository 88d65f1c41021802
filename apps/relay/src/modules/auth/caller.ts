import type { Request } from 'express';

export const Role = { owner: 'owner', admin: 'admin', member: 'member', reader: 'reader' } as const;
export type Role = (typeof Role)[keyof typeof Role];

/** Who makes a request or holds a socket, as established from the cookie or the key. */
export interface Caller {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly organisationId: string;
  readonly role: Role;
  /** Identifies the credential: what closes its sockets when it is revoked, and whose idempotency keys these are. */
  readonly credential: { kind: 'key'; keyId: string } | { kind: 'login'; loginId: string };
}

/** A request after the authentication guard. */
export interface AuthenticatedRequest extends Request {
  caller: Caller;
}

/** The Socket.IO room of everything opened with a credential; closed as one when it is revoked. */
export function credentialRoom(credential: Caller['credential']): string {
  return credential.kind === 'key' ? `key:${credential.keyId}` : `login:${credential.loginId}`;
}

/** The Socket.IO room of a user's browsers on `/hub`. */
export function userRoom(userId: string): string {
  return `user:${userId}`;
}
