import { inject, Injectable, signal } from '@angular/core';
import { Clipboard } from '../../../core/clipboard';
import { Toasts } from '../../../core/toasts';
import { SessionActions } from '../../session-actions';
import { InspectorDock } from '../inspector/inspector-dock';
import type { SessionFacts } from '../session-facts';
import type { HeaderAction } from './session-header';

/** What the header of a session does with it as a whole. */
@Injectable()
export class HeaderActs {
  private readonly actions = inject(SessionActions);
  private readonly clipboard = inject(Clipboard);
  private readonly dock = inject(InspectorDock);
  private readonly toasts = inject(Toasts);
  private facts: SessionFacts | null = null;

  /** The person is asked whether the session may be deleted. */
  readonly isDeleting = signal(false);
  /** Something is looked for in the conversation. */
  readonly isFinding = signal(false);

  /** Whose header it is. */
  of(facts: SessionFacts): void {
    this.facts = facts;
  }

  act(action: HeaderAction): void {
    const session = this.facts?.session();
    if (session === undefined) return;
    switch (action) {
      case 'stop':
      case 'stopFamily':
        return this.stop(action === 'stopFamily');
      case 'resume':
        return void this.actions.resume(session);
      case 'pin':
        return void this.actions.togglePin(session);
      case 'copyId':
        return void this.clipboard.copy(session.sessionId, 'Session id copied');
      case 'copyLink':
        return void this.clipboard.copy(`${location.origin}/s/${session.sessionId}`, 'Link copied');
      case 'details':
        return this.dock.toggle();
      case 'sandbox':
        return this.dock.show('details');
      case 'find':
        return this.isFinding.set(true);
      case 'delete':
        return this.isDeleting.set(true);
    }
  }

  rename(name: string): void {
    const session = this.facts?.session();
    if (session !== undefined) void this.actions.rename(session, name);
  }

  remove(): void {
    const session = this.facts?.session();
    this.isDeleting.set(false);
    if (session !== undefined) this.actions.remove(session);
  }

  private stop(withChildren: boolean): void {
    const session = this.facts?.session();
    if (session === undefined) return;
    this.toasts.undoable(
      `Ending “${this.facts?.name() ?? ''}”${withChildren ? ' with its children' : ''}`,
      () => void this.actions.stop(session, withChildren),
      () => undefined,
    );
  }
}
