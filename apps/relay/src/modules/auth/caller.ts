import type { Request } from 'express';

export const Role = { owner: 'owner', admin: 'admin', member: 'member', reader: 'reader' } as const;
export type Role = (typeof Role)[keyof typeof Role];

/** What was shown as proof: what closes its sockets when it is revoked. */
export type Credential =
  { kind: 'key'; keyId: string; expiresAt: Date | null } | { kind: 'login'; loginId: string; expiresAt: Date | null };

/** Who makes a request or holds a socket, as established from the cookie or the key. */
export interface Caller {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly organisationId: string;
  readonly role: Role;
  readonly credential: Credential;
}

/** A runner with the key that it got by enrolment, good for that runner alone. Without an owner until the first account adopts it. */
export interface RunnerCaller {
  readonly runnerId: string;
  readonly ownerId: string | null;
  readonly organisationId: string | null;
  readonly credential: Credential;
}

export function isRunnerCaller(caller: Caller | RunnerCaller): caller is RunnerCaller {
  return 'runnerId' in caller;
}

/** A request after the authentication guard. */
export interface AuthenticatedRequest extends Request {
  caller: Caller | RunnerCaller;
}

/** The Socket.IO room of everything opened with a credential; closed as one when it is revoked. */
export function credentialRoom(credential: { keyId: string } | { loginId: string }): string {
  return 'keyId' in credential ? `key:${credential.keyId}` : `login:${credential.loginId}`;
}

/** The Socket.IO room of a user's browsers on `/hub`. */
export function userRoom(userId: string): string {
  return `user:${userId}`;
}
