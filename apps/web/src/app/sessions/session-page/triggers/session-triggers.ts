import { Component, DestroyRef, computed, effect, inject, input, output, resource, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { LucidePencil, LucidePlus, LucideRadio, LucideTrash2, LucideTriangleAlert, LucideX } from '@lucide/angular';
import { asProblem } from '../../../core/api/api-problem';
import { DeadLettersApi } from '../../../core/api/dead-letters-api';
import { RelayConnection } from '../../../core/realtime/relay-connection';
import { Toasts } from '../../../core/toasts';
import { criteriaWords } from '../../../triggers/criteria/criteria-words';
import { DeadLetterCount } from '../../../triggers/dead-letters/dead-letter-count';
import { letters } from '../../../triggers/dead-letters/letter-words';
import { curlLine } from '../../../triggers/curl-line';
import { Button } from '../../../ui/button';
import { ConfirmDialog } from '../../../ui/confirm-dialog';
import { Copyable } from '../../../ui/copyable';
import { ErrorState } from '../../../ui/error-state';
import { IconButton } from '../../../ui/icon-button';
import { MoreItems } from '../../../ui/more-items';
import { Skeleton } from '../../../ui/skeleton';
import type { SessionFacts } from '../session-facts';
import { visibleItems } from '../conversation/transcript-window';
import { DeliveryRow } from './delivery-row';
import { SessionDeliveries } from './session-deliveries';
import { SessionSubscriptions } from './session-subscriptions';

const FEW = 4;

/** The inspector's panel of triggers: what the session waits for, what is on its way, what it received. */
@Component({
  selector: 'pz-session-triggers',
  imports: [
    Button,
    ConfirmDialog,
    Copyable,
    DeliveryRow,
    ErrorState,
    IconButton,
    LucidePencil,
    LucidePlus,
    LucideRadio,
    LucideTrash2,
    LucideTriangleAlert,
    LucideX,
    MoreItems,
    RouterLink,
    Skeleton,
  ],
  templateUrl: './session-triggers.html',
  styleUrl: './session-triggers.css',
})
export class SessionTriggers {
  readonly sessionId = input.required<string>();
  readonly facts = input.required<SessionFacts>();
  /** Asks to go to the entry with this sequence number. */
  readonly shown = output<number>();
  protected readonly deliveries = inject(SessionDeliveries);
  protected readonly subscriptions = inject(SessionSubscriptions);
  protected readonly isLost = inject(RelayConnection).isLost;
  private readonly toasts = inject(Toasts);
  private readonly letterApi = inject(DeadLettersApi);
  private readonly letters = inject(DeadLetterCount);

  protected readonly isClearing = signal(false);
  protected readonly isBusy = signal(false);
  protected readonly words = criteriaWords;
  /** More subscriptions would push the deliveries out of sight. */
  protected readonly isUnfolded = signal(false);
  protected readonly shownSubscriptions = computed(() => {
    const all = this.subscriptions.items() ?? [];
    return this.isUnfolded() || all.length <= FEW + 1 ? all : all.slice(0, FEW);
  });
  protected readonly isFolding = computed(() => (this.subscriptions.items() ?? []).length > FEW + 1);
  protected readonly curl = computed(() =>
    curlLine(`/api/sessions/${this.sessionId()}/trigger`, {
      type: 'demo:hello',
      payload: { text: 'Hello' },
      summary: 'Somebody says hello',
    }),
  );
  /** Read again whenever any dead letters come or go. */
  private readonly dead = resource({
    params: () => (this.letters.count() > 0 ? { sessionId: this.sessionId(), news: this.letters.news() } : undefined),
    loader: ({ params: { sessionId } }) => this.letterApi.count({ sessionId }),
  });
  protected readonly deadWords = computed(() => {
    const count = this.dead.hasValue() ? this.dead.value() : 0;
    return count > 0 ? letters(count) : '';
  });
  private readonly items = computed(() => {
    const window = this.facts().conversation()?.window;
    return window === undefined ? [] : visibleItems(window);
  });
  protected readonly places = computed(
    () =>
      new Map(
        this.items().flatMap((item) =>
          item.kind === 'trigger' && item.deliveryId !== '' ? [[item.deliveryId, item.seq] as const] : [],
        ),
      ),
  );

  constructor() {
    effect(() => {
      this.deliveries.watch(this.sessionId());
      this.subscriptions.of(this.sessionId());
    });
    inject(DestroyRef).onDestroy(() => this.deliveries.unwatch());
  }

  protected async clear(): Promise<void> {
    this.isBusy.set(true);
    try {
      await this.deliveries.clear();
      this.isClearing.set(false);
    } catch (error) {
      this.toasts.fail(asProblem(error).message);
    } finally {
      this.isBusy.set(false);
    }
  }
}
