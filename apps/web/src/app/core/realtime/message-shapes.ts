import type {
  RelayToHub,
  RelayToViewer,
  RunnerView,
  SessionEvent,
  SessionView,
  SocketProblem,
  TranscriptPage,
} from '@pizzapi/protocol';
import { isPanelDef, isServiceInfo, isSigilDef } from './service-shapes';
import { has, isCount, isListOf, isRecord } from '../shape';

/** The minimum shape of the relay's messages. */
type ViewerMessage<E extends keyof RelayToViewer> = Parameters<RelayToViewer[E]>[0];
type HubMessage<E extends keyof RelayToHub> = Parameters<RelayToHub[E]>[0];

/** An event of any type, even one from a newer relay: its number counts, and an unknown type changes nothing. */
export function isSessionEvent(value: unknown): value is SessionEvent {
  return (
    isRecord(value) &&
    isCount(value['seq']) &&
    value['seq'] > 0 &&
    typeof value['type'] === 'string' &&
    typeof value['ts'] === 'string' &&
    isRecord(value['data'])
  );
}

export function isEventsMessage(value: unknown): value is ViewerMessage<'session:events'> {
  return isOfSession(value) && isListOf(value['events'], isSessionEvent);
}

export function isResyncMessage(value: unknown): value is ViewerMessage<'session:resync'> {
  if (!isOfSession(value)) return false;
  const { page, nextSeq, state } = value;
  return isTranscriptPage(page) && isCount(nextSeq) && isRecord(state) && Array.isArray(state['queue']);
}

export function isViewersMessage(value: unknown): value is ViewerMessage<'session:viewers'> {
  return isOfSession(value) && isListOf(value['viewers'], (viewer) => has(viewer, 'userId', 'name'));
}

/** The relay's last words before it closes the connection. */
export function isClosing(value: unknown): value is SocketProblem {
  return has(value, 'code', 'detail');
}

export function isDetachedMessage(value: unknown): value is ViewerMessage<'session:detached'> {
  return isOfSession(value) && has(value, 'code', 'detail');
}

export function isSessionUpdate(value: unknown): value is HubMessage<'session:updated'> {
  return isRecord(value) && isSessionView(value['session']);
}

export function isSessionRemoval(value: unknown): value is HubMessage<'session:removed'> {
  return isOfSession(value);
}

export function isRunnerUpdate(value: unknown): value is HubMessage<'runner:updated'> {
  return isRecord(value) && isRunnerView(value['runner']);
}

export function isRunnerRemoval(value: unknown): value is HubMessage<'runner:removed'> {
  return has(value, 'runnerId');
}

export function isListenersChange(value: unknown): value is HubMessage<'listeners:changed'> {
  return has(value, 'runnerId');
}

export function isDeadLetterCount(value: unknown): value is HubMessage<'dead-letters:count'> {
  return isRecord(value) && isCount(value['count']);
}

export function isDeliveriesChange(value: unknown): value is ViewerMessage<'session:deliveries-changed'> {
  return isOfSession(value);
}

export function isSubscriptionsChange(value: unknown): value is ViewerMessage<'session:subscriptions-changed'> {
  return isOfSession(value);
}

export function isTunnelsChange(value: unknown): value is ViewerMessage<'session:tunnels-changed'> {
  return isOfSession(value);
}

/** The spec's `service_announce`. */
export function isServiceAnnouncement(value: unknown): value is ViewerMessage<'service_announce'> {
  return isOfSession(value) && has(value, 'runnerId') && isOffer(value);
}

/** A page of a transcript, by socket or REST. */
export function isTranscriptPage(value: unknown): value is TranscriptPage {
  return (
    isRecord(value) &&
    typeof value['hasMore'] === 'boolean' &&
    isListOf(value['entries'], (entry) => has(entry, 'entryId', 'kind', 'ts') && isCount(entry['seq']))
  );
}

/** A session, by socket or REST. */
export function isSessionView(value: unknown): value is SessionView {
  return (
    has(value, 'sessionId', 'name', 'runnerId', 'cwd', 'status', 'createdAt', 'updatedAt') &&
    isCount(value['lastEventSeq']) &&
    Array.isArray(value['viewers']) &&
    isWaiting(value['questions']) &&
    isForkedFrom(value['forkedFrom'])
  );
}

/** Absent from an older relay. */
function isWaiting(value: unknown): boolean {
  return value === undefined || value === null || (has(value, 'latestId') && isCount(value['count']));
}

/** Absent from an older relay, too. */
function isForkedFrom(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return has(value, 'sessionId') && (value['entryId'] === null || typeof value['entryId'] === 'string');
}

/** A runner, by socket or REST. */
export function isRunnerView(value: unknown): value is RunnerView {
  return (
    has(value, 'runnerId', 'name') &&
    typeof value['online'] === 'boolean' &&
    Array.isArray(value['roots']) &&
    isOffer(value)
  );
}

function isOfSession(value: unknown): value is Record<string, unknown> & { sessionId: string } {
  return has(value, 'sessionId');
}

/** What the services of a runner offer. */
function isOffer(value: Record<string, unknown>): boolean {
  return (
    isListOf(value['services'], isServiceInfo) &&
    isListOf(value['panels'], isPanelDef) &&
    isListOf(value['sigilDefs'], isSigilDef) &&
    Array.isArray(value['triggerDefs'])
  );
}
