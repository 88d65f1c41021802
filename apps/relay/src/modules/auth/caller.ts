import type { Request } from 'express';
import { forbidden } from '../../platform/http/problem.error.js';

export const Role = { owner: 'owner', admin: 'admin', member: 'member', reader: 'reader' } as const;
export type Role = (typeof Role)[keyof typeof Role];

/** What was shown as proof: what closes its sockets when it is revoked. */
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

/** A runner with the key that it got by enrolment, good for that runner alone. Without an owner until the first account adopts it. */
export interface RunnerCaller {
  readonly kind: 'runner';
  readonly runnerId: string;
  readonly ownerId: string | null;
  readonly organisationId: string | null;
  readonly credential: Credential;
}

/** A service of a runner with a key of its own, good for firing its own triggers there and nothing else. */
export interface ServiceCaller {
  readonly kind: 'service';
  readonly runnerId: string;
  readonly serviceId: string;
  readonly credential: Credential;
}

export type AnyCaller = Caller | RunnerCaller | ServiceCaller;
export type CallerKind = AnyCaller['kind'];

/** What a caller is known by from one credential to the next. */
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

/** The callers among which `kinds` are. @throws ProblemError `forbidden`, saying what the caller's key is for */
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

/** The Socket.IO room of everything opened with a credential; closed as one when it is revoked. */
export function credentialRoom(credential: { keyId: string } | { loginId: string }): string {
  return 'keyId' in credential ? `key:${credential.keyId}` : `login:${credential.loginId}`;
}

/** The Socket.IO room of a user's browsers on `/hub`. */
export function userRoom(userId: string): string {
  return `user:${userId}`;
}
