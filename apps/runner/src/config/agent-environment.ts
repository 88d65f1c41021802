/** Secrets of the relay that a shared shell or `.env` may carry; everything named PIZZAPI_* goes anyway. */
const RELAY_SECRETS = new Set(['DATABASE_URL', 'REDIS_URL', 'VAPID_PRIVATE_KEY', 'VAPID_PUBLIC_KEY', 'VAPID_SUBJECT']);

/** The person's own environment without any secret of ours. Provider keys stay, because pi reads them. */
export function providerEnvironment(environment: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !name.startsWith('PIZZAPI_') && !RELAY_SECRETS.has(name)),
  );
}

/**
 * What a worker, and so every command its agent runs, starts with. `PIZZAPI_SESSION_ID` marks the processes that belong
 * to the session.
 */
export function agentEnvironment(sessionId: string, environment: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return { ...providerEnvironment(environment), PIZZAPI_SESSION_ID: sessionId };
}
