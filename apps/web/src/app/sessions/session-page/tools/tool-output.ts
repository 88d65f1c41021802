import { Component, ElementRef, ViewEncapsulation, effect, inject, input } from '@angular/core';
import { type GrowingText, isContinuation, textSince } from '../conversation/growing-text';
import { ChunkedText } from '../markdown/chunked-text';

/** Colours and cursor movements of a terminal mean nothing here. */
const TERMINAL_CODES = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\))|\r(?=\n)/g;

/** What a tool said, growing: monospace, of limited height, at its end while the reader is there. */
@Component({
  selector: 'pz-tool-output',
  template: '',
  host: { tabindex: '0', role: 'region', 'aria-label': 'Output' },
  encapsulation: ViewEncapsulation.None,
  styles: `
    pz-tool-output {
      display: block;
      max-height: 320px;
      overflow: hidden auto;
      touch-action: pan-y pinch-zoom;
      padding: 8px 12px;
      font: 0.75rem/1.1875rem var(--mono);
      font-feature-settings: 'calt' 0;
      white-space: pre-wrap;
      overflow-wrap: anywhere;
      color: var(--muted);
      background: var(--bg);
    }
    pz-tool-output .chunk {
      display: block;
      content-visibility: auto;
      contain-intrinsic-block-size: auto 1520px;
    }
    pz-tool-output .chunk:last-child {
      content-visibility: visible;
    }
  `,
})
export class ToolOutput {
  readonly text = input.required<string | GrowingText>();
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly lines = new ChunkedText(this.host);
  private shown: string | GrowingText = '';

  constructor() {
    effect(() => {
      const text = this.text();
      const isAtEnd = this.host.scrollHeight - this.host.scrollTop - this.host.clientHeight < 24;
      this.show(text);
      this.shown = text;
      if (isAtEnd && typeof text !== 'string') this.host.scrollTop = this.host.scrollHeight;
    });
  }

  private show(text: string | GrowingText): void {
    const { shown } = this;
    if (typeof text !== 'string' && typeof shown !== 'string' && isContinuation(shown, text)) {
      this.append(textSince(text, shown.count));
      return;
    }
    this.lines.clear();
    this.append(typeof text === 'string' ? text : textSince(text, 0));
  }

  private append(text: string): void {
    this.lines.append(text.replace(TERMINAL_CODES, ''));
  }
}
