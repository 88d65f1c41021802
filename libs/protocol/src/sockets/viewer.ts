import { Type, type Static } from 'typebox';
import { Uuid } from '../values/ids.js';
import type { SessionEvent } from '../events/session-events.js';
import type { SessionCommand } from '../values/command.js';
import type { McpServerState } from '../values/mcp.js';
import type { SessionPlugin } from '../values/plugin.js';
import type { SocketAnswer } from '../values/problem.js';
import type { ServiceAnnouncement } from '../values/service.js';
import type { Activity, ModelRef, QueuedInput, SessionUsage, TranscriptPage } from '../values/session.js';

/**
 * Namespace `/viewer`: a browser watching sessions. Authenticated by the cookie (Origin checked) or `x-api-key`.
 *
 * Attach with the last number you have applied, or null for the end of the conversation. What follows is either
 * `session:events` from the next number on, or first one `session:resync`. Events come in order and without holes;
 * one that you already hold may come again after a reconnect: drop numbers you have.
 */
export const ViewerAttach = Type.Object({
  sessionId: Uuid,
  afterSeq: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
});
export type ViewerAttach = Static<typeof ViewerAttach>;
export const ViewerDetach = Type.Object({ sessionId: Uuid });

/** What state events have said so far; state events from `nextSeq` on bring it up to date. */
export interface SessionState {
  activity: Activity | null;
  model: ModelRef | null;
  usage: SessionUsage | null;
  queue: QueuedInput[];
  /** How many wait besides; absent: none. */
  moreQueued?: number;
  /** Absent: the relay is older. */
  commands?: SessionCommand[];
  /** Absent: the relay or the worker is older. */
  plugins?: SessionPlugin[];
  mcpServers?: McpServerState[];
  /** The number of the last `branch.changed` that the page heeds: entries up to it that the page lacks are on other branches. 0 or absent: none. */
  branchSeq?: number;
  /** A turn was cut off and waits behind "Continue". */
  isInterrupted: boolean;
}

export interface ViewerToRelay {
  'session:attach': (message: ViewerAttach, answer: (a: SocketAnswer) => void) => void;
  'session:detach': (message: { sessionId: string }, answer: (a: SocketAnswer) => void) => void;
}
export interface RelayToViewer {
  'session:events': (message: { sessionId: string; events: SessionEvent[] }) => void;
  /**
   * Start anew from this page, then apply events from `nextSeq` on. They may bring entries that the page already
   * holds (the message in progress began before them): an entry is known by its `entryId`.
   */
  'session:resync': (message: {
    sessionId: string;
    page: TranscriptPage;
    nextSeq: number;
    state: SessionState;
  }) => void;
  /**
   * Something of the session's deliveries changed (came, changed, sent, taken back, received, died): read them again by REST. At most every 250 ms; also on attaching,
   * because what was read before that may be old.
   */
  'session:deliveries-changed': (message: { sessionId: string }) => void;
  /** The same of its trigger subscriptions, whoever changed them. */
  'session:subscriptions-changed': (message: { sessionId: string }) => void;
  /** What the services of the session's runner offer: on attaching and on every change, whole. */
  service_announce: (message: ServiceAnnouncement & { sessionId: string; runnerId: string }) => void;
  /** Tunnels of the session were opened or closed: read them again by REST. */
  'session:tunnels-changed': (message: { sessionId: string }) => void;
  /** Who else is watching. */
  'session:viewers': (message: { sessionId: string; viewers: { userId: string; name: string }[] }) => void;
  /** The session is gone or no longer yours. */
  'session:detached': (message: { sessionId: string; code: string; detail: string }) => void;
}
