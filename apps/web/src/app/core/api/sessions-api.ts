import { Service, inject } from '@angular/core';
import type { DeliverAs, ModelRef, QueuedInput, SessionStatus, SessionView, TranscriptPage } from '@pizzapi/protocol';
import { Rest } from './rest';

export interface SessionQuery {
  q?: string | undefined;
  runnerId?: string | undefined;
  status?: SessionStatus | undefined;
  limit?: number | undefined;
  cursor?: string | undefined;
}

export interface SessionPageAnswer {
  sessions: SessionView[];
  nextCursor?: string;
}

export interface CreateSession {
  runnerId: string;
  cwd?: string;
  prompt?: string;
  model?: ModelRef;
  name?: string;
}

/** Sessions and what is said in them. */
@Service()
export class SessionsApi {
  private readonly rest = inject(Rest);

  list(query: SessionQuery, signal?: AbortSignal): Promise<SessionPageAnswer> {
    return this.rest.get('sessions', { ...query }, signal);
  }

  get(sessionId: string): Promise<SessionView> {
    return this.rest.get(`sessions/${sessionId}`);
  }

  recentFolders(runnerId: string): Promise<{ folders: string[] }> {
    return this.rest.get('sessions/recent-folders', { runnerId });
  }

  create(request: CreateSession, idempotencyKey: string): Promise<{ sessionId: string; status: SessionStatus }> {
    return this.rest.post('sessions', request, idempotencyKey);
  }

  rename(sessionId: string, name: string): Promise<SessionView> {
    return this.rest.patch(`sessions/${sessionId}`, { name });
  }

  setPinned(sessionId: string, isPinned: boolean): Promise<void> {
    const path = `sessions/${sessionId}/pin`;
    return isPinned ? this.rest.put(path) : this.rest.delete(path);
  }

  stop(sessionId: string): Promise<void> {
    return this.rest.post(`sessions/${sessionId}/stop`);
  }

  resume(sessionId: string): Promise<void> {
    return this.rest.post(`sessions/${sessionId}/resume`);
  }

  abort(sessionId: string): Promise<void> {
    return this.rest.post(`sessions/${sessionId}/abort`);
  }

  continue(sessionId: string): Promise<void> {
    return this.rest.post(`sessions/${sessionId}/continue`);
  }

  setModel(sessionId: string, model: ModelRef): Promise<void> {
    return this.rest.post(`sessions/${sessionId}/model`, model);
  }

  remove(sessionId: string): Promise<void> {
    return this.rest.delete(`sessions/${sessionId}`);
  }

  transcript(
    sessionId: string,
    page: { before?: number; after?: number; limit?: number },
    signal?: AbortSignal,
  ): Promise<TranscriptPage> {
    return this.rest.get(`sessions/${sessionId}/transcript`, page, signal);
  }

  /** With the same key twice, one input. */
  send(
    sessionId: string,
    input: { text: string; deliverAs: DeliverAs },
    idempotencyKey: string,
  ): Promise<{ inputId: string }> {
    return this.rest.post(`sessions/${sessionId}/input`, input, idempotencyKey);
  }

  inputs(sessionId: string): Promise<{ inputs: QueuedInput[] }> {
    return this.rest.get(`sessions/${sessionId}/inputs`);
  }

  editInput(sessionId: string, inputId: string, text: string): Promise<void> {
    return this.rest.patch(`sessions/${sessionId}/inputs/${inputId}`, { text });
  }

  removeInput(sessionId: string, inputId: string): Promise<void> {
    return this.rest.delete(`sessions/${sessionId}/inputs/${inputId}`);
  }
}
