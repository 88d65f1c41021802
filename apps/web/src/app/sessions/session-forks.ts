import { inject, Service, signal } from '@angular/core';
import { Router } from '@angular/router';
import type { Attachment, SessionView } from '@pizzapi/protocol';
import { asProblem } from '../core/api/api-problem';
import { randomKey } from '../core/api/random-key';
import { SessionsApi } from '../core/api/sessions-api';
import { Toasts } from '../core/toasts';
import { FreshSession } from './fresh-session';
import { writeDraft } from './session-page/composer/draft-storage';

/** A person's message or a trigger. */
interface ForkedEntry {
  readonly entryId: string;
  readonly text?: string;
  readonly attachments?: readonly Attachment[];
}

/** New sessions that take over the conversation of another one, which stays as it is. One at a time: the browser goes there. */
@Service()
export class SessionForks {
  private readonly api = inject(SessionsApi);
  private readonly toasts = inject(Toasts);
  private readonly router = inject(Router);
  private readonly fresh = inject(FreshSession);
  private readonly underWay = signal(false);
  /** The last request that got no answer: repeated with the same key, it makes one session. */
  private unanswered: { readonly order: string; readonly key: string } | null = null;

  readonly isUnderWay = this.underWay.asReadonly();

  /** The conversation as it stands. */
  async whole({ sessionId, lastEventSeq }: Pick<SessionView, 'sessionId' | 'lastEventSeq'>): Promise<void> {
    // If more was said meanwhile, it is a different request.
    await this.fork(sessionId, `${sessionId} ${lastEventSeq}`, {});
  }

  /** What was said before a message or a trigger. A message's text waits in the new session's composer, to be changed. */
  async before(sessionId: string, { entryId, text = '', attachments = [] }: ForkedEntry): Promise<void> {
    const isDone = await this.fork(sessionId, `${sessionId} ${entryId}`, { entryId }, text);
    if (isDone && attachments.length > 0)
      this.toasts.show('The message’s files stay with their session. Attach them again if they are needed.');
  }

  private async fork(sessionId: string, order: string, body: { entryId?: string }, draft = ''): Promise<boolean> {
    if (this.underWay()) return false;
    this.underWay.set(true);
    if (this.unanswered?.order !== order) this.unanswered = { order, key: randomKey() };
    try {
      const fork = await this.api.fork(sessionId, body, this.unanswered.key);
      this.unanswered = null;
      if (draft !== '') writeDraft(fork.sessionId, draft);
      this.fresh.made(fork.sessionId);
      await this.router.navigate(['/s', fork.sessionId]);
      return true;
    } catch (error) {
      this.toasts.fail(asProblem(error).message);
      return false;
    } finally {
      this.underWay.set(false);
    }
  }
}
