export type DatabaseConfig = { type: 'sqlite'; file: string } | { type: 'postgres'; url: string };

export interface TunnelLimits {
  /** Requests and WebSockets at the same time. */
  streamsPerRunner: number;
  streamsPerCaller: number;
  /** Both ways together. Null: no limit. */
  bytesPerSecondPerRunner: number | null;
  bytesPerSecondPerCaller: number | null;
}

/** The relay's configuration, parsed once from the environment by `load-config.ts`. The class is its injection token. */
export abstract class RelayConfig {
  /** `PIZZAPI_DATA_DIR`: database, own Redis, secrets. */
  abstract readonly dataDir: string;
  abstract readonly host: string;
  abstract readonly port: number;
  /** `PIZZAPI_PUBLIC_URL` without a trailing slash: where browsers reach the console. */
  abstract readonly publicUrl: string;
  /** Null: the relay starts a Redis of its own. */
  abstract readonly redisUrl: string | null;
  abstract readonly database: DatabaseConfig;
  /** Who may register after the first account. */
  abstract readonly registration: 'open' | 'invite' | 'closed';
  /** How long a session waits for a runner that is away, unless its listener says otherwise. */
  abstract readonly spawnMaxWaitMs: number;
  /** How long a delivery waits in the inbox of a session that is away. */
  abstract readonly inboxKeepMs: number;
  /** Trigger subscriptions of one session. */
  abstract readonly maxSubscriptionsPerSession: number;
  /** How many sessions may stand above one that an agent starts; 0: agents start none. */
  abstract readonly maxChildDepth: number;
  /** Open sessions below the one at the top, over all depths. */
  abstract readonly maxChildSessions: number;
  /** Events kept per session for viewers that come back. */
  abstract readonly eventBufferSize: number;
  abstract readonly durability: 'strict' | 'relaxed';
  /** The current key first; a second, old one is accepted during rotation. Null: made and kept in the data directory. */
  abstract readonly secretKeys: readonly string[] | null;
  /** Addresses or ranges whose `X-Forwarded-*` headers are believed. */
  abstract readonly trustedProxies: readonly string[];
  /** How other replicas reach this one. */
  abstract readonly replicaUrl: string | null;
  abstract readonly requestBodyBytes: number;
  /** A trigger's payload as JSON. */
  abstract readonly triggerPayloadBytes: number;
  /** One file that a person gives with a message; how many a message may have, and all files of a session together. */
  abstract readonly attachmentBytes: number;
  abstract readonly attachmentsPerMessage: number;
  abstract readonly sessionAttachmentBytes: number;
  /** All files that one person uploaded. */
  abstract readonly userAttachmentBytes: number;
  /** All files of all messages. */
  abstract readonly attachmentStoreBytes: number;
  /** To this replica. */
  abstract readonly uploadsAtOnce: number;
  abstract readonly uploadsAtOncePerUser: number;
  /** How long an upload may stand still. */
  abstract readonly uploadIdleMs: number;
  /** Host name and port below which each tunnel has an origin of its own; null: there are none. */
  abstract readonly tunnelDomain: string | null;
  /** Tunnels are one site to browsers, so their services get only the cookies that are provably their own. */
  abstract readonly onlyOwnTunnelCookies: boolean;
  abstract readonly tunnelLimits: TunnelLimits;
  /** What goes through tunnels when the relay stops gets this long to finish. */
  abstract readonly tunnelDrainMs: number;
  abstract readonly logLevel: string;
  /** Folder of the built console; null when there is none. */
  abstract readonly consoleDir: string | null;
}
