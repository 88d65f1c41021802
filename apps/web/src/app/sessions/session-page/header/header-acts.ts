import { computed, effect, inject, Injectable, signal } from '@angular/core';
import { Clipboard } from '../../../core/clipboard';
import { type Command, Commands } from '../../../core/commands';
import { SessionActions } from '../../session-actions';
import { SessionDeletion } from '../../session-deletion';
import { SessionForks } from '../../session-forks';
import { canResume, hasBegun, isLive } from '../../session-state';
import { InspectorDock } from '../inspector/inspector-dock';
import type { SessionFacts } from '../session-facts';
import type { HeaderAction } from './session-header';

/** What the header of a session does with it as a whole. */
@Injectable()
export class HeaderActs {
  private readonly actions = inject(SessionActions);
  private readonly deletion = inject(SessionDeletion);
  private readonly forks = inject(SessionForks);
  private readonly clipboard = inject(Clipboard);
  private readonly dock = inject(InspectorDock);
  private readonly commands = inject(Commands);
  private readonly known = signal<SessionFacts | null>(null);
  private readonly session = computed(() => this.known()?.session());
  // The commands' inputs, apart: a session changes with every step of its agent, these hardly ever.
  private readonly status = computed(() => this.session()?.status);
  private readonly isPinned = computed(() => this.session()?.isPinned === true);
  private readonly hasBegun = computed(() => {
    const session = this.session();
    return session !== undefined && hasBegun(session);
  });

  /** The find bar is open. */
  readonly isFinding = signal(false);

  constructor() {
    effect((onCleanup) => onCleanup(this.commands.add(this.inPalette())));
  }

  /** Whose header it is. */
  of(facts: SessionFacts): void {
    this.known.set(facts);
  }

  act(action: HeaderAction): void {
    const session = this.session();
    if (session === undefined) return;
    switch (action) {
      case 'stop':
      case 'stopFamily':
        return this.actions.stop(session, action === 'stopFamily');
      case 'resume':
        return void this.actions.resume(session);
      case 'pin':
        return void this.actions.togglePin(session);
      case 'fork':
        return void this.forks.whole(session);
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
        return this.deletion.ask(session);
    }
  }

  rename(name: string): void {
    const session = this.session();
    if (session !== undefined) void this.actions.rename(session, name);
  }

  /** The same from the keyboard, without a way to the header. */
  private inPalette(): Command[] {
    const status = this.status();
    if (status === undefined) return [];
    const command = (action: HeaderAction, label: string): Command => ({
      id: `session:${action}`,
      label,
      group: 'This session',
      run: () => this.act(action),
    });
    return [
      ...(isLive({ status })
        ? [command('stop', status === 'pending' ? 'Cancel this session' : 'End this session')]
        : []),
      ...(canResume({ status }) ? [command('resume', 'Resume this session')] : []),
      command('pin', this.isPinned() ? 'Unpin this session' : 'Pin this session'),
      ...(this.hasBegun() ? [command('fork', 'Fork this session')] : []),
      command('copyLink', 'Copy the link to this session'),
      command('delete', 'Delete this session…'),
    ];
  }
}
