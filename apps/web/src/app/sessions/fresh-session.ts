import { Service } from '@angular/core';

/** The session that was just made here, by a person who goes on in its composer. */
@Service()
export class FreshSession {
  private sessionId = '';

  made(sessionId: string): void {
    this.sessionId = sessionId;
  }

  /** True once, for the page of that session. */
  take(sessionId: string): boolean {
    if (this.sessionId !== sessionId) return false;
    this.sessionId = '';
    return true;
  }
}
