/** Redis keys of the relay. One session's keys share a hash tag, so do one runner's: a Redis function touches one slot. */
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
  /** Channel: something of the session's deliveries changed; with the message {@link SUBSCRIPTIONS_CHANGED}, of its subscriptions. */
  deliveries: (sessionId: string) => `pz:{s:${sessionId}}:deliveries`,
};

/** On a channel that every watched session has anyway: replicas of before read it as news of deliveries, which does no harm. */
export const SUBSCRIPTIONS_CHANGED = 'subscriptions';

export const runnerKeys = {
  inbox: (runnerId: string) => `pz:{r:${runnerId}}:inbox`,
  inboxIds: (runnerId: string) => `pz:{r:${runnerId}}:inbox-ids`,
  wake: (runnerId: string) => `pz:{r:${runnerId}}:wake`,
  /** Changes with every change of what is wanted of the runner's services: by subscriptions, listeners, sessions that open or end. */
  wantedVersion: (runnerId: string) => `pz:{r:${runnerId}}:wanted-version`,
  /** Channel: the version has changed. */
  wanted: (runnerId: string) => `pz:{r:${runnerId}}:wanted`,
  /** Channel: it was nobody's, and is somebody's now. */
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

/** Stands for a version that is not set. */
export const NEVER_CHANGED = 'none';

export const replicaKeys = {
  /** Channel: which deliveries has it sent directly? And the answers to what it has asked. */
  direct: (replicaId: string) => `pz:replica:${replicaId}:direct`,
};

/** Where to look, over all runners and sessions. */
export const indexKeys = {
  /** Runners whose bus was written to lately, by time. */
  buses: 'pz:buses',
  /** Sessions whose inbox was written to, by the time since when something may wait there. */
  inboxes: 'pz:inboxes',
};

export const deadLetterKeys = {
  /** Who replays or discards it now. */
  claim: (deliveryId: string) => `pz:dead-letter:${deliveryId}:claim`,
};

export const busKeys = {
  events: 'pz:events',
  parked: 'pz:events:parked',
  sockets: 'pz:sockets',
};

/** Who is attached where: which replica holds a session's worker, a runner's daemon, a runner's tunnel. */
export const presenceKeys = {
  /** Lives while the replica renews it, and says where it is reached. */
  replica: (replicaId: string) => `pz:replica:${replicaId}`,
  /** Every replica that may have left something behind. */
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
