import {
  Component,
  type ElementRef,
  afterRenderEffect,
  computed,
  effect,
  inject,
  input,
  signal,
  viewChild,
} from '@angular/core';
import { LucideArrowDown, LucideCopy } from '@lucide/angular';
import { type ApiProblem, asProblem } from '../../core/api/api-problem';
import { ServicesApi } from '../../core/api/services-api';
import { Clipboard } from '../../core/clipboard';
import { Button } from '../../ui/button';
import { ErrorState } from '../../ui/error-state';
import { Skeleton } from '../../ui/skeleton';
import { Switch } from '../../ui/switch';
import { TextInput } from '../../ui/text-input';
import { keyed, lineTime, logText, type LogLine, matching } from './log-lines';

const LINES = 500;
/** The relay gives no more at once. */
const ALL_LINES = 5_000;
const POLL_MS = 2_000;

/** The last lines that a service wrote, followed while somebody looks. */
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

  protected readonly isFollowing = signal(true);
  protected readonly words = signal('');
  protected readonly limit = signal(LINES);
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly isTruncated = signal(false);
  /** Null before the first answer. */
  private readonly read = signal<readonly LogLine[] | null>(null);
  protected readonly isLoaded = computed(() => this.read() !== null);
  protected readonly lines = computed(() => matching(this.read() ?? [], this.words()));
  protected readonly isSearching = computed(() => this.words().trim() !== '');
  /** Scrolled away from the end, somebody is reading: new lines must not move the text. */
  protected readonly isAtEnd = signal(true);
  private readonly box = viewChild<ElementRef<HTMLElement>>('box');
  protected readonly time = lineTime;

  constructor() {
    effect((onCleanup) => {
      const source = { runnerId: this.runnerId(), serviceId: this.serviceId(), limit: this.limit() };
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

  protected showAll(): void {
    this.limit.set(ALL_LINES);
  }

  protected canShowMore(): boolean {
    return this.isTruncated() && this.limit() < ALL_LINES;
  }

  protected retry(): void {
    // Setting the same value again would not trigger a request.
    const source = { runnerId: this.runnerId(), serviceId: this.serviceId(), limit: this.limit() };
    void this.load(source, () => false);
  }

  protected copy(): void {
    const lines = this.lines();
    void this.clipboard.copy(logText(lines), `${lines.length} ${lines.length === 1 ? 'line' : 'lines'} copied`);
  }

  private async load(
    { runnerId, serviceId, limit }: { runnerId: string; serviceId: string; limit: number },
    isOver: () => boolean,
  ): Promise<void> {
    try {
      const { lines, isTruncated } = await this.api.log(runnerId, serviceId, limit);
      if (isOver()) return;
      this.problem.set(null);
      this.isTruncated.set(isTruncated);
      this.read.set(keyed(lines));
    } catch (error) {
      if (!isOver()) this.problem.set(asProblem(error));
    }
  }
}
