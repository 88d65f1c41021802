import { Component, ElementRef, ViewEncapsulation, computed, effect, inject, input, output } from '@angular/core';
import { type GrowingText, isContinuation, textSince } from '../conversation/growing-text';
import { copyText } from '../../../ui/copy-text';
import { SessionSigils } from '../sigils/session-sigils';
import { IncrementalMarkdown, renderWhole } from './incremental-markdown';
import { type Markdown, PLAIN_MARKDOWN } from './render-markdown';

/** Parsing may take at most this share of the time; slow parses run less often. */
const MAX_SHARE = 0.2;

/** Markdown, whole or growing. The DOM inside is its own: streaming adds to it instead of rendering anew. */
@Component({
  selector: 'pz-markdown',
  template: '',
  host: { class: 'prose', '(click)': 'onClick($event)' },
  encapsulation: ViewEncapsulation.None,
  styleUrls: ['./markdown-view.css', '../sigils/sigil-chip.css'],
})
export class MarkdownView {
  readonly text = input.required<string | GrowingText>();
  /** An image was clicked; its address is a data URL. */
  readonly imageOpened = output<string>();
  private readonly sigils = inject(SessionSigils, { optional: true });
  private readonly markdown = computed(() => this.sigils?.markdown() ?? PLAIN_MARKDOWN);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private live: IncrementalMarkdown | null = null;
  private shown: GrowingText | null = null;
  private nextParseAt = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** What the text is rendered with; a new value renders it again. */
  private used: Markdown = PLAIN_MARKDOWN;

  constructor() {
    effect((onCleanup) => {
      const text = this.text();
      this.use(this.markdown());
      onCleanup(() => clearTimeout(this.timer));
      if (typeof text === 'string') this.settle(text);
      else this.growSoon(text);
    });
  }

  private use(markdown: Markdown): void {
    if (markdown !== this.used) this.live = null;
    this.used = markdown;
  }

  private growSoon(text: GrowingText): void {
    const wait = this.nextParseAt - performance.now();
    if (wait <= 0) this.grow(text);
    else this.timer = setTimeout(() => this.grow(text), wait);
  }

  private grow(text: GrowingText): void {
    const startedAt = performance.now();
    if (this.live === null || this.shown === null || !isContinuation(this.shown, text)) {
      this.live = new IncrementalMarkdown(this.host, this.used);
      this.shown = null;
    }
    this.live.append(textSince(text, this.shown?.count ?? 0));
    this.shown = text;
    const tookMs = performance.now() - startedAt;
    this.nextParseAt = startedAt + tookMs / MAX_SHARE;
  }

  /** The same text, now whole: keep what is there. Anything else is rendered anew. */
  private settle(text: string): void {
    const { live } = this;
    this.live = null;
    this.shown = null;
    if (live !== null && text.length >= live.size && !live.needsFullRender) {
      live.append(text.slice(live.size));
      live.finish();
    } else {
      renderWhole(this.host, text, this.used);
    }
  }

  protected onClick(event: Event): void {
    const { target } = event;
    if (target instanceof HTMLImageElement) this.imageOpened.emit(target.src);
    if (!(target instanceof HTMLElement) || target.dataset['copy'] === undefined) return;
    const code = target.closest('.code')?.querySelector('code');
    if (code) void this.copy(target, code.textContent);
  }

  private async copy(button: HTMLElement, text: string): Promise<void> {
    button.textContent = (await copyText(text)) ? 'Copied' : 'Not copied';
    setTimeout(() => (button.textContent = 'Copy'), 1500);
  }
}
