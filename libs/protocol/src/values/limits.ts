/**
 * Defaults of limits that the relay's configuration can change. Units are in the names: bytes, seconds (`S`), otherwise numbers
 * of things.
 */
export const DefaultLimits = {
  requestBodyBytes: 1024 * 1024,
  triggerPayloadBytes: 256 * 1024,
  attachmentBytes: 30 * 1024 * 1024,
  attachmentsPerMessage: 10,
  attachmentBytesPerSession: 500 * 1024 * 1024,
  attachmentBytesPerUser: 5 * 1024 ** 3,
  attachmentStoreBytes: 50 * 1024 ** 3,
  uploadsAtOnce: 32,
  uploadsAtOncePerUser: 6,
  uploadIdleS: 60,
  eventBufferSize: 10_000,
  subscriptionsPerSession: 200,
  childDepth: 3,
  childSessions: 20,
} as const;

/**
 * How many bytes of a tool's output the event stream carries. What is longer is cut there, and can be downloaded. The most that a
 * runner may be set to is bounded by {@link MAX_SOCKET_MESSAGE_BYTES}: all of it may come in one event, and JSON writes a
 * control character in six bytes.
 */
export const ToolOutputBytes = { default: 1024 * 1024, min: 1024, max: 3 * 1024 * 1024 } as const;
/** The largest socket message; a larger one closes the connection. */
export const MAX_SOCKET_MESSAGE_BYTES = 24 * 1024 * 1024;
/** How many events one `agent:events` batch may have. */
export const MAX_EVENTS_PER_BATCH = 512;
/** How long a session may wait for a runner that is away, at most: 30 days. */
export const MAX_SPAWN_WAIT_MS = 30 * 24 * 3_600_000;
/** How long a delivery may wait for its session, at most: a trigger's record outlives it. */
export const MAX_INBOX_KEEP_MS = 7 * 24 * 3_600_000;
/** Version of all socket namespaces, sent in the handshake; a relay accepts its own and the one before. */
export const PROTOCOL_VERSION = 1;
