import {
  Component,
  type ElementRef,
  Injector,
  afterNextRender,
  afterRenderEffect,
  computed,
  effect,
  inject,
  input,
  signal,
  viewChild,
} from '@angular/core';
import { LucideArrowDown, LucideCopy } from '@lucide/angular';
import type { ServiceLogLine } from '@pizzapi/protocol';
import { type ApiProblem, asProblem, isRefusedCursor } from '../../core/api/api-problem';
import { ServicesApi } from '../../core/api/services-api';
import { Clipboard } from '../../core/clipboard';
import { Button } from '../../ui/button';
import { ErrorState } from '../../ui/error-state';
import { refocusIfLost } from '../../ui/refocus';
import { Skeleton } from '../../ui/skeleton';
import { Switch } from '../../ui/switch';
import { TextInput } from '../../ui/text-input';
import { continued, keyed, lineTime, logText, matching } from './log-lines';

const LINES = 500;
/** The most that the relay gives at once. */
const EARLIER_LINES = 5_000;
/** What a page shows without being slow. With more, no earlier ones are offered. */
const MANY_LINES = 20_000;
/** What it keeps: as earlier lines are followed by later ones, it would grow without end. */
const MOST_LINES = MANY_LINES + EARLIER_LINES;
const POLL_MS = 2_000;

/** The last lines that a service wrote, followed while somebody looks, and earlier ones on demand. */
@Component({
  selector: 'pz-service-log',
  imports: [Button, ErrorState, LucideArrowDown, LucideCopy, Skeleton, Switch, TextInput],
  templateUrl: './service-log.html',
  styleUrl: './service-log.css',
})
export class ServiceLogView {
  readonly runnerId = input.required<string>();
  readonly serviceId = input.required<string>();
  readonly label = input.required<string>();
  private readonly api = inject(ServicesApi);
  private readonly clipboard = inject(Clipboard);
  private readonly injector = inject(Injector);

  protected readonly isFollowing = signal(true);
  protected readonly words = signal('');
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly isTruncated = signal(false);
  protected readonly isLoadingEarlier = signal(false);
  /** Null before the first answer. */
  private readonly read = signal<readonly ServiceLogLine[] | null>(null);
  /** Leads to the lines before those that were read. */
  private readonly cursor = signal<string | undefined>(undefined);
  /** Once earlier lines were asked for, the latest ones continue those that were read instead of replacing them. */
  private keepsEarlier = false;
  protected readonly isLoaded = computed(() => this.read() !== null);
  protected readonly count = computed(() => this.read()?.length ?? 0);
  protected readonly hasEarlier = computed(() => this.cursor() !== undefined && this.count() < MANY_LINES);
  protected readonly lines = computed(() => matching(keyed(this.read() ?? []), this.words()));
  protected readonly isSearching = computed(() => this.words().trim() !== '');
  /** Scrolled away from the end, somebody is reading: new lines must not move the text. */
  protected readonly isAtEnd = signal(true);
  private readonly box = viewChild<ElementRef<HTMLElement>>('box');
  protected readonly time = lineTime;

  constructor() {
    effect((onCleanup) => {
      const source = { runnerId: this.runnerId(), serviceId: this.serviceId() };
      const follows = this.isFollowing();
      let isOver = false;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const next = async (): Promise<void> => {
        if (document.visibilityState === 'visible') await this.load(source, () => isOver);
        if (follows && !isOver) timer = setTimeout(() => void next(), POLL_MS);
      };
      void next();
      onCleanup(() => {
        isOver = true;
        clearTimeout(timer);
      });
    });
    afterRenderEffect({
      write: () => {
        this.lines();
        const box = this.box()?.nativeElement;
        if (box && this.isAtEnd()) box.scrollTop = box.scrollHeight;
      },
    });
  }

  protected scrolled(box: HTMLElement): void {
    this.isAtEnd.set(box.scrollHeight - box.scrollTop - box.clientHeight < 24);
  }

  protected toEnd(): void {
    this.isAtEnd.set(true);
    const box = this.box()?.nativeElement;
    if (box) box.scrollTop = box.scrollHeight;
  }

  protected async loadEarlier(): Promise<void> {
    const cursor = this.cursor();
    if (cursor === undefined || this.isLoadingEarlier()) return;
    const box = this.box()?.nativeElement ?? null;
    const isInside = box?.contains(document.activeElement) === true;
    this.isLoadingEarlier.set(true);
    this.keepsEarlier = true;
    try {
      const query = { limit: EARLIER_LINES, cursor };
      const { lines, isTruncated, nextCursor } = await this.api.log(this.runnerId(), this.serviceId(), query);
      // The log may have been begun anew in the meantime.
      if (this.cursor() !== cursor) return;
      this.problem.set(null);
      this.keepPlace();
      this.read.update((later) => [...lines, ...(later ?? [])]);
      this.cursor.set(nextCursor);
      this.isTruncated.set(isTruncated);
    } catch (error) {
      if (isRefusedCursor(error)) await this.readAnew();
      else this.problem.set(asProblem(error));
    } finally {
      this.isLoadingEarlier.set(false);
      // The button is gone once there is nothing before.
      if (isInside && box.isConnected) refocusIfLost(() => box, this.injector);
    }
  }

  private readAnew(): Promise<void> {
    this.keepsEarlier = false;
    return this.load({ runnerId: this.runnerId(), serviceId: this.serviceId() }, () => false);
  }

  protected retry(): void {
    void this.load({ runnerId: this.runnerId(), serviceId: this.serviceId() }, () => false);
  }

  protected copy(): void {
    const lines = this.lines();
    void this.clipboard.copy(logText(lines), `${lines.length} ${lines.length === 1 ? 'line' : 'lines'} copied`);
  }

  /** What is shown stays where it is when lines are put before it. */
  private keepPlace(): void {
    const box = this.box()?.nativeElement;
    if (!box) return;
    const fromEnd = box.scrollHeight - box.scrollTop;
    afterNextRender({ write: () => (box.scrollTop = box.scrollHeight - fromEnd) }, { injector: this.injector });
  }

  private async load(
    { runnerId, serviceId }: { runnerId: string; serviceId: string },
    isOver: () => boolean,
  ): Promise<void> {
    try {
      const { lines, isTruncated, nextCursor } = await this.api.log(runnerId, serviceId, { limit: LINES });
      if (isOver()) return;
      this.problem.set(null);
      const kept = this.keepsEarlier ? continued(this.read() ?? [], lines, MOST_LINES) : null;
      this.read.set(kept ?? lines);
      if (kept) {
        if (kept.length === MOST_LINES) this.isTruncated.set(true);
        return;
      }
      this.keepsEarlier = false;
      this.cursor.set(nextCursor);
      this.isTruncated.set(isTruncated);
    } catch (error) {
      if (!isOver()) this.problem.set(asProblem(error));
    }
  }
}
