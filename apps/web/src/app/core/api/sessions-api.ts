import { Service, inject } from '@angular/core';
import {
  type CreateSessionDto,
  type ForkSessionDto,
  type ListSessionsData,
  type SessionStateDto,
  abortTurn,
  changeBranch,
  continueTurn,
  createSession,
  deleteSession,
  editInput,
  forkSession,
  getSession,
  getTranscript,
  listBranches,
  listInputs,
  listRecentFolders,
  listSessions,
  pinSession,
  removeInput,
  resumeSession,
  sendInput,
  setModel,
  stopSession,
  unpinSession,
  updateSession,
} from '@pizzapi/api-client';
import type {
  BranchPoint,
  DeliverAs,
  ForkView,
  ModelRef,
  QueueState,
  SessionView,
  TranscriptPage,
} from '@pizzapi/protocol';
import { isSessionView, isTranscriptPage } from '../realtime/message-shapes';
import { has, isCount, isListOf, isRecord } from '../shape';
import {
  isFork,
  isListAnswer,
  isPageAnswer,
  isQueuedInput,
  isSessionState,
  isText,
  type PageOf,
} from './answer-shapes';
import { expected } from './api-problem';
import { RelayClient } from './relay-client';

export type SessionQuery = NonNullable<ListSessionsData['query']>;
export type CreateSession = CreateSessionDto;

export type SessionPageAnswer = PageOf<'sessions', SessionView>;

const isSessionPage = isPageAnswer('sessions', isSessionView);
const isFolderList = isListAnswer('folders', isText);
const isInputList = isListAnswer('inputs', isQueuedInput);
const isForkList = (body: unknown): body is { forks: ForkView[]; lastSeq: number } =>
  isRecord(body) && isCount(body['lastSeq']) && isListOf(body['forks'], isFork);
const isAccepted = (body: unknown): body is { inputId: string } => has(body, 'inputId');

/** As many of its queue as a worker reports. */
const SHOWN_INPUTS = 100;

/** Sessions and what is said in them. */
@Service()
export class SessionsApi {
  private readonly relay = inject(RelayClient);

  async list(query: SessionQuery, signal?: AbortSignal): Promise<SessionPageAnswer> {
    return expected((await listSessions({ ...this.relay.options, query, signal })).data, isSessionPage);
  }

  /** The sessions that this one's agent started: all that may still be open, and the most recent of the others. */
  async children(parentSessionId: string): Promise<SessionView[]> {
    return (await this.list({ parentSessionId, limit: 200 })).sessions;
  }

  async get(sessionId: string): Promise<SessionView> {
    return expected((await getSession(this.of(sessionId))).data, isSessionView);
  }

  async recentFolders(runnerId: string): Promise<{ folders: string[] }> {
    return expected((await listRecentFolders({ ...this.relay.options, query: { runnerId } })).data, isFolderList);
  }

  /** With the same key twice, one session. */
  async create(body: CreateSession, idempotencyKey: string): Promise<SessionStateDto> {
    const headers = { 'Idempotency-Key': idempotencyKey };
    return expected((await createSession({ ...this.relay.options, body, headers })).data, isSessionState);
  }

  /** With the same key twice, one session. */
  async fork(sessionId: string, body: ForkSessionDto, idempotencyKey: string): Promise<SessionStateDto> {
    const headers = { 'Idempotency-Key': idempotencyKey };
    return expected((await forkSession({ ...this.of(sessionId), body, headers })).data, isSessionState);
  }

  async rename(sessionId: string, name: string): Promise<SessionView> {
    return expected((await updateSession({ ...this.of(sessionId), body: { name } })).data, isSessionView);
  }

  async setPinned(sessionId: string, isPinned: boolean): Promise<void> {
    await (isPinned ? pinSession(this.of(sessionId)) : unpinSession(this.of(sessionId)));
  }

  async stop(sessionId: string, withChildren = false): Promise<void> {
    const query = withChildren ? { withChildren: 'true' as const } : undefined;
    // After the time to undo it, this may be sent while the page is being closed.
    await stopSession({ ...this.of(sessionId), ...(query && { query }), keepalive: true });
  }

  async resume(sessionId: string): Promise<void> {
    await resumeSession(this.of(sessionId));
  }

  async abort(sessionId: string): Promise<void> {
    await abortTurn(this.of(sessionId));
  }

  async continue(sessionId: string): Promise<void> {
    await continueTurn(this.of(sessionId));
  }

  async setModel(sessionId: string, model: ModelRef): Promise<void> {
    await setModel({ ...this.of(sessionId), body: model });
  }

  async remove(sessionId: string): Promise<void> {
    await deleteSession(this.of(sessionId));
  }

  async transcript(
    sessionId: string,
    query: { before?: number; after?: number; limit?: number },
    signal?: AbortSignal,
  ): Promise<TranscriptPage> {
    return expected((await getTranscript({ ...this.of(sessionId), query, signal })).data, isTranscriptPage);
  }

  async branches(sessionId: string): Promise<{ forks: ForkView[]; lastSeq: number }> {
    return expected((await listBranches(this.of(sessionId))).data, isForkList);
  }

  async changeBranch(sessionId: string, entryId: string, at: BranchPoint): Promise<void> {
    await changeBranch({ ...this.of(sessionId), body: { entryId, at } });
  }

  /** With the same key twice, one input. */
  async send(
    sessionId: string,
    body: { text: string; deliverAs: DeliverAs; attachments?: string[] },
    idempotencyKey: string,
  ): Promise<{ inputId: string }> {
    const headers = { 'Idempotency-Key': idempotencyKey };
    return expected((await sendInput({ ...this.of(sessionId), body, headers })).data, isAccepted);
  }

  /** The first waiting inputs, as many as a page shows, and how many more there are. */
  async inputs(sessionId: string): Promise<QueueState> {
    return expected((await listInputs({ ...this.of(sessionId), query: { limit: SHOWN_INPUTS } })).data, isInputList);
  }

  async editInput(sessionId: string, inputId: string, text: string): Promise<void> {
    await editInput({ ...this.relay.options, path: { sessionId, inputId }, body: { text } });
  }

  async removeInput(sessionId: string, inputId: string): Promise<void> {
    await removeInput({ ...this.relay.options, path: { sessionId, inputId } });
  }

  private of(sessionId: string) {
    return { ...this.relay.options, path: { sessionId } };
  }
}
