import type { Request } from 'express';
import { forbidden } from '../../platform/http/problem.error.js';

export const Role = { owner: 'owner', admin: 'admin', member: 'member', reader: 'reader' } as const;
export type Role = (typeof Role)[keyof typeof Role];

/** The credential of a caller. Its sockets are closed when it is revoked. */
export type Credential =
  { kind: 'key'; keyId: string; expiresAt: Date | null } | { kind: 'login'; loginId: string; expiresAt: Date | null };

/** A person who makes a request or holds a socket, as established from the cookie or the key. */
export interface Caller {
  readonly kind: 'person';
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly organisationId: string;
  readonly role: Role;
  readonly credential: Credential;
}

/** A runner with its key from enrolment, which is valid for that runner only. It has no owner until there is a first account. */
export interface RunnerCaller {
  readonly kind: 'runner';
  readonly runnerId: string;
  readonly ownerId: string | null;
  readonly organisationId: string | null;
  readonly credential: Credential;
}

/** A service of a runner with its own key, which is valid only for firing its own triggers there. */
export interface ServiceCaller {
  readonly kind: 'service';
  readonly runnerId: string;
  readonly serviceId: string;
  readonly credential: Credential;
}

export type AnyCaller = Caller | RunnerCaller | ServiceCaller;
export type CallerKind = AnyCaller['kind'];

/** Identifies a caller independently of the credential. */
export function callerId(caller: AnyCaller): string {
  if (caller.kind === 'person') return caller.userId;
  return caller.kind === 'runner' ? caller.runnerId : `${caller.runnerId}/${caller.serviceId}`;
}

const ONLY_FOR: Record<CallerKind, string> = {
  person: 'This is for runners and their services, with keys of their own.',
  runner:
    "A runner's key opens its own connection and fires triggers of its own services only; use an API key of your account.",
  service: "A service's key fires this service's own triggers on its own runner only; use an API key of your account.",
};

/** Narrows a caller to the given kinds. @throws ProblemError `forbidden`, which says what the caller's key is for */
export function requireKind<K extends CallerKind>(
  caller: AnyCaller,
  kinds: readonly K[],
): asserts caller is Extract<AnyCaller, { kind: K }> {
  if (!kinds.some((kind) => kind === caller.kind)) throw forbidden(ONLY_FOR[caller.kind]);
}

/** A request after the authentication guard. */
export interface AuthenticatedRequest extends Request {
  caller: AnyCaller;
}

/** The Socket.IO room of all sockets of a credential, which are closed together when it is revoked. */
export function credentialRoom(credential: { keyId: string } | { loginId: string }): string {
  return 'keyId' in credential ? `key:${credential.keyId}` : `login:${credential.loginId}`;
}

/** The Socket.IO room of a user's browsers on `/hub`. */
export function userRoom(userId: string): string {
  return `user:${userId}`;
}
