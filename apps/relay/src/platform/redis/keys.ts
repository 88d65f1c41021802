/** The relay's Redis keys. The keys of one session share a hash tag, and so do those of one runner: a Redis function may touch one slot only. */
export const sessionKeys = {
  events: (sessionId: string) => `pz:{s:${sessionId}}:events`,
  meta: (sessionId: string) => `pz:{s:${sessionId}}:meta`,
  live: (sessionId: string) => `pz:{s:${sessionId}}:live`,
  inbox: (sessionId: string) => `pz:{s:${sessionId}}:inbox`,
  inboxIds: (sessionId: string) => `pz:{s:${sessionId}}:inbox-ids`,
  wake: (sessionId: string) => `pz:{s:${sessionId}}:wake`,
  /** Triggers that the session has received, newest first. */
  history: (sessionId: string) => `pz:{s:${sessionId}}:history`,
  /** What the session answered to triggers, by their ids. */
  responses: (sessionId: string) => `pz:{s:${sessionId}}:responses`,
  /** Channel: the session's deliveries have changed or, with the message {@link SUBSCRIPTIONS_CHANGED}, its subscriptions. */
  deliveries: (sessionId: string) => `pz:{s:${sessionId}}:deliveries`,
};

/**
 * Sent on the deliveries channel, which is subscribed to for every watched session. Older versions take it for news of deliveries, which
 * does no harm.
 */
export const SUBSCRIPTIONS_CHANGED = 'subscriptions';

export const runnerKeys = {
  inbox: (runnerId: string) => `pz:{r:${runnerId}}:inbox`,
  inboxIds: (runnerId: string) => `pz:{r:${runnerId}}:inbox-ids`,
  wake: (runnerId: string) => `pz:{r:${runnerId}}:wake`,
  /** Changes whenever something changes that decides whom the runner's triggers reach; see `WantedVersion`. */
  wantedVersion: (runnerId: string) => `pz:{r:${runnerId}}:wanted-version`,
  /** Channel: the version has changed. */
  wanted: (runnerId: string) => `pz:{r:${runnerId}}:wanted`,
  /** Channel: the runner had no owner, and has one now. */
  adopted: (runnerId: string) => `pz:{r:${runnerId}}:adopted`,
  /** Channel: what its services offer has changed. */
  services: (runnerId: string) => `pz:{r:${runnerId}}:services`,
  /** What was accepted for the runner's sessions, in order. */
  bus: (runnerId: string) => `pz:{r:${runnerId}}:bus`,
  /** Whose it was, once it is removed. */
  formerOwner: (runnerId: string) => `pz:{r:${runnerId}}:former-owner`,
  /** Who reads the bus now. */
  busLease: (runnerId: string) => `pz:{r:${runnerId}}:bus-lease`,
  /** A trigger with its frozen matches and the state of each delivery. */
  trigger: (runnerId: string, triggerId: string) => `pz:{r:${runnerId}}:trigger:${triggerId}`,
};

/** Stands for a version that has not been set. */
export const NEVER_CHANGED = 'none';

export const replicaKeys = {
  /** Channel: other replicas ask which deliveries this one has sent directly, and answer its own questions. */
  direct: (replicaId: string) => `pz:replica:${replicaId}:direct`,
};

/** Indexes over all runners and sessions, for sweeps. */
export const indexKeys = {
  /** Runners whose bus was written to lately, by time. */
  buses: 'pz:buses',
  /** Sessions in whose inbox something may wait, by the time since when it may. */
  inboxes: 'pz:inboxes',
};

export const deadLetterKeys = {
  /** Who is burying, replaying or discarding it now. */
  claim: (deliveryId: string) => `pz:dead-letter:${deliveryId}:claim`,
};

export const streamKeys = {
  /** Domain events. */
  events: 'pz:events',
  /** Domain events that no reader could handle for a day. */
  parked: 'pz:events:parked',
  /** What the replicas' Socket.IO servers tell one another. */
  sockets: 'pz:sockets',
};

/** Which replica holds the socket of a session's worker, of a runner's daemon or of a runner's tunnel. */
export const presenceKeys = {
  /** Exists as long as the replica renews it; holds the address at which other replicas reach it. */
  replica: (replicaId: string) => `pz:replica:${replicaId}`,
  /** Every replica that may still hold something, dead ones included. */
  replicas: 'pz:replicas',
  agents: 'pz:presence:agents',
  runners: 'pz:presence:runners',
  tunnels: 'pz:presence:tunnels',
  viewers: (sessionId: string) => `pz:{s:${sessionId}}:viewers`,
};

export const authKeys = {
  /** Names the state of all API keys. */
  keysVersion: 'pz:api-keys-version',
};

export const httpKeys = {
  login: 'pz:login:',
  /** A login that was ended by its person. */
  endedLogin: (loginId: string) => `pz:ended-login:${loginId}`,
  idempotency: (callerId: string, path: string, key: string) => `pz:idempotency:${callerId}:${path}:${key}`,
  rateLimit: (name: string) => `pz:rate:${name}`,
};

export const organisationKeys = {
  /** Channel: what the organisation says of its agents has changed. */
  agentPolicy: (organisationId: string) => `pz:{o:${organisationId}}:agent-policy`,
};

export const credentialKeys = {
  /** Channel: keys that were revoked, logins that were ended. */
  ended: 'pz:credentials:ended',
};

export const tunnelKeys = {
  /** Channel: what was closed, and which runner is attached where. */
  news: 'pz:tunnels:news',
  /** What a browser's ticket, cookie or token opens. */
  pass: (kind: string, hash: string) => `pz:tunnel-pass:${kind}:${hash}`,
};

export const redisKeys = {
  /** Written only to be confirmed by a replica. */
  confirmed: 'pz:confirmed',
};
