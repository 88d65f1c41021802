import {
  Component,
  computed,
  effect,
  type ElementRef,
  inject,
  input,
  resource,
  signal,
  untracked,
  viewChildren,
} from '@angular/core';
import { Router } from '@angular/router';
import {
  LucideChevronRight,
  LucideMailCheck,
  LucideMessageSquare,
  LucideRotateCw,
  LucideTrash2,
  LucideZap,
} from '@lucide/angular';
import type { DeadLetterView } from '@pizzapi/protocol';
import { asProblem } from '../../core/api/api-problem';
import { DeadLettersApi, type ManyDone } from '../../core/api/dead-letters-api';
import { Commands } from '../../core/commands';
import { PagedList } from '../../core/paged-list';
import { RelayConnection } from '../../core/realtime/relay-connection';
import { Toasts } from '../../core/toasts';
import { withCommands } from '../../core/with-commands';
import { Button } from '../../ui/button';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { EmptyState } from '../../ui/empty-state';
import { ErrorState } from '../../ui/error-state';
import { MoreItems } from '../../ui/more-items';
import { RelativeTime } from '../../ui/relative-time';
import { Skeleton } from '../../ui/skeleton';
import { DeadLetterCount } from './dead-letter-count';
import { LetterDetail } from './letter-detail';
import { LetterFilters } from './letter-filters';
import { LetterReason } from './letter-reason';
import { LetterSelection } from './letter-selection';
import {
  isSessionDeleted,
  leftBehind,
  letters,
  letterSession,
  letterTitle,
  reasonWords,
  replayRefusal,
} from './letter-words';

/** The relay takes no more in one request. */
const MAX_AT_ONCE = 500;

/** What could not be delivered: looked through, replayed or discarded, one or many. */
@Component({
  selector: 'pz-dead-letters',
  imports: [
    Button,
    ConfirmDialog,
    EmptyState,
    ErrorState,
    LetterDetail,
    LetterFilters,
    LetterReason,
    LucideChevronRight,
    LucideMailCheck,
    LucideMessageSquare,
    LucideRotateCw,
    LucideTrash2,
    LucideZap,
    MoreItems,
    RelativeTime,
    Skeleton,
  ],
  templateUrl: './dead-letters.html',
  styleUrl: './dead-letters.css',
})
export class DeadLetters {
  /** Of the address. */
  readonly type = input<string>();
  readonly session = input<string>();
  readonly letter = input<string>();
  private readonly api = inject(DeadLettersApi);
  private readonly router = inject(Router);
  private readonly toasts = inject(Toasts);
  private readonly counted = inject(DeadLetterCount);
  private readonly connection = inject(RelayConnection);
  protected readonly isLost = this.connection.isLost;
  protected readonly list = new PagedList<DeadLetterView>(async (cursor) => {
    const filter = { type: this.type() || undefined, sessionId: this.session() || undefined };
    const { deadLetters, nextCursor } = await this.api.list(filter, cursor);
    return { items: deadLetters, nextCursor };
  });
  private readonly ids = computed(() => (this.list.items() ?? []).map(({ deliveryId }) => deliveryId));
  protected readonly selection = new LetterSelection(this.ids);
  /** The letters that a replay would be refused for, with the relay's reason. */
  private readonly refusals = computed(
    () =>
      new Map(
        (this.list.items() ?? []).flatMap((letter) => {
          const why = replayRefusal(letter);
          return why === null ? [] : [[letter.deliveryId, why] as const];
        }),
      ),
  );
  /** Of the selected. */
  protected readonly replayable = computed(() => this.selection.ids().filter((id) => !this.refusals().has(id)));
  protected readonly leftBehind = computed(() => {
    const chosen = this.selection.ids().length;
    return leftBehind(chosen - this.replayable().length, chosen);
  });
  /** The letter in the address, if it is not in the list: beyond this page or the filter, or gone. */
  private readonly linked = resource({
    params: () => {
      const id = this.letter();
      return id && this.list.items() && !this.ids().includes(id) ? id : undefined;
    },
    loader: ({ params }) => this.api.get(params).catch(nullWhenGone),
  });
  protected readonly linkProblem = computed(() => {
    const error = this.linked.error();
    return error ? asProblem(error) : null;
  });
  protected readonly elsewhere = computed(() => (this.linked.hasValue() ? this.linked.value() : undefined));
  protected readonly isGone = computed(() => this.linked.status() === 'resolved' && this.linked.value() === null);
  protected readonly isFiltered = computed(() => Boolean(this.type() || this.session()));
  /** What is about to be discarded. */
  protected readonly discarding = signal<readonly string[]>([]);
  protected readonly isBusy = signal(false);
  private readonly rows = viewChildren<ElementRef<HTMLElement>>('row');

  protected readonly title = letterTitle;
  protected readonly sessionText = letterSession;
  protected readonly isSessionDeleted = isSessionDeleted;
  protected readonly why = reasonWords;
  protected readonly letters = letters;

  constructor() {
    effect(() => {
      this.counted.news();
      this.connection.epoch();
      this.type();
      this.session();
      untracked(() => void this.list.reload());
    });
    const group = 'This page';
    withCommands(inject(Commands), [
      {
        id: 'replay-letters',
        label: 'Replay the selected dead letters',
        group,
        combo: 'Shift+R',
        run: () => this.replaySelected(),
      },
      {
        id: 'discard-letters',
        label: 'Discard the selected dead letters',
        group,
        combo: 'Shift+D',
        run: () => this.discarding.set(this.selection.ids()),
      },
    ]);
  }

  protected filter(change: { type?: string | null; session?: string | null }): void {
    void this.router.navigate([], { queryParams: { ...change, letter: null }, queryParamsHandling: 'merge' });
  }

  protected open(id: string): void {
    const letter = this.letter() === id ? null : id;
    void this.router.navigate([], { queryParams: { letter }, queryParamsHandling: 'merge', replaceUrl: true });
  }

  protected readLinked(): void {
    this.linked.reload();
  }

  protected close(): void {
    void this.router.navigate([], { queryParams: { letter: null }, queryParamsHandling: 'merge', replaceUrl: true });
  }

  /** Arrows go from letter to letter, the space bar selects, Enter opens, Delete asks to discard. */
  protected onKey(event: KeyboardEvent, id: string, index: number): void {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = {
      ArrowDown: () => this.rows()[index + 1]?.nativeElement.focus(),
      ArrowUp: () => this.rows()[index - 1]?.nativeElement.focus(),
      ' ': () => this.selection.toggle(id),
      Enter: () => this.open(id),
      Delete: () => this.discarding.set(this.selection.ids().length > 0 ? this.selection.ids() : [id]),
    }[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  }

  /** Replays those that can be; if none can, says why. */
  protected replaySelected(): void {
    const [first] = this.selection.ids();
    const why = first === undefined ? undefined : this.refusals().get(first);
    if (why !== undefined && this.replayable().length === 0) this.toasts.show(`No replay: ${why}`);
    else void this.replay(this.replayable());
  }

  protected replay(ids: readonly string[]): Promise<void> {
    return this.run(
      ids,
      (some) => this.api.replay(some),
      (count) => (count === 1 ? 'It is on its way again' : `${count} are on their way again`),
    );
  }

  protected async discard(): Promise<void> {
    await this.run(
      this.discarding(),
      (some) => this.api.discard(some),
      (count) => `Discarded ${letters(count)}`,
    );
    this.discarding.set([]);
  }

  private async run(
    ids: readonly string[],
    act: (ids: string[]) => Promise<ManyDone>,
    words: (count: number) => string,
  ): Promise<void> {
    if (ids.length === 0 || this.isBusy()) return;
    this.isBusy.set(true);
    try {
      let done = 0;
      const failed: ManyDone['failed'] = [];
      for (let at = 0; at < ids.length; at += MAX_AT_ONCE) {
        const some = await act(ids.slice(at, at + MAX_AT_ONCE));
        done += some.done;
        failed.push(...some.failed);
      }
      if (done > 0) this.toasts.show(words(done));
      const [first] = failed;
      if (first)
        this.toasts.fail(failed.length === 1 ? first.detail : `${failed.length} were refused: ${first.detail}`);
      const refused = new Set(failed.map(({ id }) => id));
      this.selection.drop(ids.filter((id) => !refused.has(id)));
      // The open letter is gone because of us: close it, rather than say that it is gone.
      const letter = this.letter();
      if (letter && ids.includes(letter) && failed.length === 0) this.close();
    } catch (error) {
      this.toasts.fail(asProblem(error).message);
    } finally {
      this.isBusy.set(false);
      await this.list.reload();
    }
  }
}

function nullWhenGone(error: unknown): null {
  if (asProblem(error).status === 404) return null;
  throw error;
}
