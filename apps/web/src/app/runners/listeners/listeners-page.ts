import { Component, DestroyRef, computed, effect, inject, input, signal, untracked } from '@angular/core';
import { LucidePlus, LucideRadio } from '@lucide/angular';
import type { ListenerView } from '@pizzapi/protocol';
import { asProblem } from '../../core/api/api-problem';
import { ListenersApi } from '../../core/api/listeners-api';
import { Commands } from '../../core/commands';
import { PagedList } from '../../core/paged-list';
import { readUntilFresh } from '../../core/read-until-fresh';
import { isListenersChange } from '../../core/realtime/message-shapes';
import { RelayConnection } from '../../core/realtime/relay-connection';
import { Toasts } from '../../core/toasts';
import { SessionsStore } from '../../sessions/sessions-store';
import { Button } from '../../ui/button';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { EmptyState } from '../../ui/empty-state';
import { ErrorState } from '../../ui/error-state';
import { MoreItems } from '../../ui/more-items';
import { Skeleton } from '../../ui/skeleton';
import { withCommands } from '../../core/with-commands';
import { OpenRunner } from '../open-runner';
import { ListenerCard } from './listener-card';
import { ListenerDialog } from './listener-dialog';
import { switched } from './listener-draft';

/** A runner's listeners: for which triggers it starts sessions by itself. */
@Component({
  selector: 'pz-listeners-page',
  imports: [
    Button,
    ConfirmDialog,
    EmptyState,
    ErrorState,
    ListenerCard,
    ListenerDialog,
    LucidePlus,
    LucideRadio,
    MoreItems,
    Skeleton,
  ],
  templateUrl: './listeners-page.html',
  styleUrl: './listeners-page.css',
})
export class ListenersPage {
  /** Of the address: the one that a link points at. */
  readonly listener = input<string>();
  private readonly api = inject(ListenersApi);
  private readonly toasts = inject(Toasts);
  private readonly connection = inject(RelayConnection);
  private readonly sessions = inject(SessionsStore);
  private readonly opened = inject(OpenRunner);
  protected readonly runner = this.opened.runner;
  protected readonly isLost = this.connection.isLost;
  protected readonly hasOlder = this.sessions.hasOlder;
  protected readonly list = new PagedList<ListenerView>(async (cursor) => {
    const { listeners, nextCursor } = await this.api.list(this.opened.runnerId(), cursor);
    return { items: listeners, nextCursor };
  });
  /** For updates: changes in another tab, by REST, or because their creator left. */
  private readonly follow = readUntilFresh(() => this.list.reload());

  /** Null: closed; `new`, or the one to edit. */
  protected readonly editing = signal<ListenerView | 'new' | null>(null);
  protected readonly edited = computed(() => {
    const editing = this.editing();
    return editing === 'new' ? null : editing;
  });
  /** What happened to the listener since its editor was opened. What is typed there stays. */
  protected readonly meanwhile = computed<ListenerView | 'removed' | null>(() => {
    const edited = this.edited();
    if (edited === null) return null;
    const now = this.list.items()?.find(({ listenerId }) => listenerId === edited.listenerId);
    if (now === undefined) return 'removed';
    return now.updatedAt === edited.updatedAt ? null : now;
  });
  protected readonly removing = signal<ListenerView | null>(null);
  protected readonly isBusy = signal(false);
  /** Of those that this browser knows, by listener. */
  protected readonly started = computed(() => {
    const byListener = new Map<string, { all: number; open: number }>();
    for (const { listenerId, status } of this.sessions.everything().values()) {
      if (!listenerId) continue;
      const { all, open } = byListener.get(listenerId) ?? { all: 0, open: 0 };
      const isOpen = status === 'active' || status === 'pending';
      byListener.set(listenerId, { all: all + 1, open: open + (isOpen ? 1 : 0) });
    }
    return byListener;
  });

  constructor() {
    effect(() => {
      this.connection.epoch();
      if (this.opened.runnerId() !== '') untracked(() => void this.list.reload());
    });
    const news = (message: unknown): void => {
      if (!isListenersChange(message)) this.connection.countDropped();
      else if (message.runnerId === this.opened.runnerId()) void this.follow();
    };
    const { hub } = this.connection;
    hub.on('listeners:changed', news);
    inject(DestroyRef).onDestroy(() => hub.off('listeners:changed', news));
    withCommands(inject(Commands), [
      { id: 'new-listener', label: 'New listener', group: 'This page', combo: 'A', run: () => this.editing.set('new') },
    ]);
  }

  protected onSaved(): void {
    this.editing.set(null);
    void this.list.reload();
  }

  protected async setEnabled({ runnerId, listenerId }: ListenerView, enabled: boolean): Promise<void> {
    try {
      // Read again first: it may have changed elsewhere, and a replacement sends every field.
      const listener = await this.api.get(runnerId, listenerId);
      await this.api.replace(runnerId, listenerId, switched(listener, enabled));
    } catch (error) {
      this.toasts.fail(asProblem(error).message);
    }
    await this.list.reload();
  }

  protected async remove(listener: ListenerView): Promise<void> {
    this.isBusy.set(true);
    try {
      await this.api.remove(listener.runnerId, listener.listenerId);
      this.removing.set(null);
    } catch (error) {
      const problem = asProblem(error);
      // Already gone: that is what was wanted.
      if (problem.status === 404) this.removing.set(null);
      else this.toasts.fail(problem.message);
    } finally {
      this.isBusy.set(false);
      void this.list.reload();
    }
  }
}
