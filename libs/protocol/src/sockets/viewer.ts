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
 * Attach with the number of the last event that you have applied, or with null for the end of the conversation. You get either
 * `session:events` from the next number on, or one `session:resync` first. Events come in order and without holes. After a reconnect,
 * one that you already have may come again: drop it by its number.
 */
export const ViewerAttach = Type.Object({
  sessionId: Uuid,
  afterSeq: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
});
export type ViewerAttach = Static<typeof ViewerAttach>;
export const ViewerDetach = Type.Object({ sessionId: Uuid });

/** The state after all events before `nextSeq`; apply the events from there on. */
export interface SessionState {
  activity: Activity | null;
  model: ModelRef | null;
  usage: SessionUsage | null;
  queue: QueuedInput[];
  /** How many more inputs wait than `queue` lists; absent: none. */
  moreQueued?: number;
  /** Absent: the relay is older. */
  commands?: SessionCommand[];
  /** Absent: the relay or the worker is older. */
  plugins?: SessionPlugin[];
  mcpServers?: McpServerState[];
  /**
   * The number of the last `branch.changed` that the page reflects. Entries up to it that are not on the page are on other
   * branches. 0 or absent: none.
   */
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
   * Replace everything by this page, then apply events from `nextSeq` on. They may contain entries that are on the page already, because a
   * message in progress began before them: recognise an entry by its `entryId`.
   */
  'session:resync': (message: {
    sessionId: string;
    page: TranscriptPage;
    nextSeq: number;
    state: SessionState;
  }) => void;
  /**
   * The session's deliveries have changed: read them again by REST. Sent at most every 250 ms, and when you attach, because what
   * you have read before may be outdated.
   */
  'session:deliveries-changed': (message: { sessionId: string }) => void;
  /** The same for its trigger subscriptions. */
  'session:subscriptions-changed': (message: { sessionId: string }) => void;
  /** Everything that the services of the session's runner offer. Sent when you attach, and on every change. */
  service_announce: (message: ServiceAnnouncement & { sessionId: string; runnerId: string }) => void;
  /** Tunnels of the session were opened or closed: read them again by REST. */
  'session:tunnels-changed': (message: { sessionId: string }) => void;
  /** Who is watching the session now. */
  'session:viewers': (message: { sessionId: string; viewers: { userId: string; name: string }[] }) => void;
  /** You are no longer attached: the session was deleted, or is no longer yours. */
  'session:detached': (message: { sessionId: string; code: string; detail: string }) => void;
}
