import { Service, inject } from '@angular/core';
import {
  type CreateSessionDto,
  type ListSessionsData,
  type SessionStateDto,
  abortTurn,
  continueTurn,
  createSession,
  deleteSession,
  editInput,
  getSession,
  getTranscript,
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
import type { DeliverAs, ModelRef, QueuedInput, SessionView, TranscriptPage } from '@pizzapi/protocol';
import { isListOf, isRecord, isSessionView, isTranscriptPage } from '../realtime/message-shapes';
import { answers } from './api-problem';
import { RelayClient } from './relay-client';

export type SessionQuery = NonNullable<ListSessionsData['query']>;
export type CreateSession = CreateSessionDto;

export interface SessionPageAnswer {
  sessions: SessionView[];
  nextCursor?: string;
}

/** Sessions and what is said in them. */
@Service()
export class SessionsApi {
  private readonly relay = inject(RelayClient);

  async list(query: SessionQuery, signal?: AbortSignal): Promise<SessionPageAnswer> {
    const responseValidator = answers((body) => isRecord(body) && isListOf(body['sessions'], isSessionView));
    return (await listSessions({ ...this.relay.options, query, signal, responseValidator })).data;
  }

  async get(sessionId: string): Promise<SessionView> {
    return (await getSession({ ...this.of(sessionId), responseValidator: answers(isSessionView) })).data;
  }

  async recentFolders(runnerId: string): Promise<{ folders: string[] }> {
    return (await listRecentFolders({ ...this.relay.options, query: { runnerId } })).data;
  }

  /** With the same key twice, one session. */
  async create(body: CreateSession, idempotencyKey: string): Promise<SessionStateDto> {
    const headers = { 'Idempotency-Key': idempotencyKey };
    return (await createSession({ ...this.relay.options, body, headers })).data;
  }

  async rename(sessionId: string, name: string): Promise<SessionView> {
    return (await updateSession({ ...this.of(sessionId), body: { name } })).data;
  }

  async setPinned(sessionId: string, isPinned: boolean): Promise<void> {
    await (isPinned ? pinSession(this.of(sessionId)) : unpinSession(this.of(sessionId)));
  }

  async stop(sessionId: string): Promise<void> {
    await stopSession(this.of(sessionId));
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
    // A deletion that was put off for an undo may be sent while the page goes away.
    await deleteSession({ ...this.of(sessionId), keepalive: true });
  }

  async transcript(
    sessionId: string,
    query: { before?: number; after?: number; limit?: number },
    signal?: AbortSignal,
  ): Promise<TranscriptPage> {
    const responseValidator = answers(isTranscriptPage);
    return (await getTranscript({ ...this.of(sessionId), query, signal, responseValidator })).data;
  }

  /** With the same key twice, one input. */
  async send(
    sessionId: string,
    body: { text: string; deliverAs: DeliverAs },
    idempotencyKey: string,
  ): Promise<{ inputId: string }> {
    const headers = { 'Idempotency-Key': idempotencyKey };
    return (await sendInput({ ...this.of(sessionId), body, headers })).data;
  }

  async inputs(sessionId: string): Promise<{ inputs: QueuedInput[] }> {
    return (await listInputs(this.of(sessionId))).data;
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
