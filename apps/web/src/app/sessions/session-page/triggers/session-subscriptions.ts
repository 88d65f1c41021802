import { DestroyRef, Injectable, computed, effect, inject, signal, untracked } from '@angular/core';
import type { SubscriptionView } from '@pizzapi/protocol';
import { asProblem } from '../../../core/api/api-problem';
import { TriggersApi } from '../../../core/api/triggers-api';
import { PagedList } from '../../../core/paged-list';
import { readUntilFresh } from '../../../core/read-until-fresh';
import { isSubscriptionsChange } from '../../../core/realtime/message-shapes';
import { RelayConnection } from '../../../core/realtime/relay-connection';
import { Toasts } from '../../../core/toasts';

/** One session's subscriptions, whoever made them: read by REST, again whenever the relay says that they changed. A removal waits for its undo. */
@Injectable()
export class SessionSubscriptions {
  private readonly api = inject(TriggersApi);
  private readonly toasts = inject(Toasts);
  private readonly sessionId = signal('');
  private readonly hidden = signal<ReadonlySet<string>>(new Set());
  private readonly list = new PagedList<SubscriptionView>(async (cursor) => {
    const { subscriptions, nextCursor } = await this.api.subscriptions(this.sessionId(), cursor);
    return { items: subscriptions, nextCursor };
  });

  /** For updates. A change of session, or a manual retry, does not wait for a request that is under way. */
  private readonly follow = readUntilFresh(() => this.list.reload());

  /** What the dialog is open for: a new one, or one to change. */
  readonly editing = signal<SubscriptionView | 'new' | null>(null);
  readonly problem = this.list.problem;
  readonly isLoading = this.list.isLoading;
  readonly hasMore = this.list.hasMore;
  readonly items = computed(() =>
    this.list.items()?.filter(({ subscriptionId }) => !this.hidden().has(subscriptionId)),
  );

  constructor() {
    const connection = inject(RelayConnection);
    const news = (message: unknown): void => {
      if (!isSubscriptionsChange(message)) connection.countDropped();
      else if (message.sessionId === this.sessionId()) void this.follow();
    };
    const { viewer } = connection;
    viewer.on('session:subscriptions-changed', news);
    inject(DestroyRef).onDestroy(() => viewer.off('session:subscriptions-changed', news));
    effect(() => {
      connection.epoch();
      if (this.sessionId() !== '') untracked(() => void this.list.reload());
    });
  }

  of(sessionId: string): void {
    this.sessionId.set(sessionId);
  }

  reload(): void {
    void this.list.reload();
  }

  loadMore(): void {
    void this.list.loadMore();
  }

  remove({ subscriptionId, triggerType }: SubscriptionView): void {
    const sessionId = this.sessionId();
    this.hidden.update((ids) => new Set(ids).add(subscriptionId));
    const show = (): void => this.hidden.update((ids) => new Set([...ids].filter((id) => id !== subscriptionId)));
    const act = async (): Promise<void> => {
      try {
        await this.api.removeSubscription(sessionId, subscriptionId);
      } catch (error) {
        // Already gone: that is what was wanted.
        if (asProblem(error).status === 404) return;
        show();
        this.toasts.fail(asProblem(error).message);
      }
    };
    this.toasts.undoable(`Unsubscribed from ${triggerType}`, () => void act(), show);
  }
}
