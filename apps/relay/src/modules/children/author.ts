import type { SessionEntity, SessionStarter } from '../sessions/index.js';

/** As whom a session's agent speaks to a child. */
export function authorOf({ ownerId, organisationId, name, sessionId }: SessionEntity): SessionStarter {
  return { userId: ownerId, organisationId, name, fromSessionId: sessionId };
}
