import { Component, computed, input, signal } from '@angular/core';
import { LucideCheck, LucideCopy } from '@lucide/angular';
import { copyText } from './copy-text';
import { withDirectionsShown } from './direction-signs';
import { IconButton } from './icon-button';

/** Data as indented JSON (a text as it is), with a button that copies it. */
@Component({
  selector: 'pz-json-view',
  imports: [IconButton, LucideCheck, LucideCopy],
  template: `
    <pre tabindex="0" role="group" [attr.aria-label]="label()">{{ shown() }}</pre>
    <button pzIconButton type="button" [label]="isCopied() ? 'Copied' : 'Copy as JSON'" (click)="copy()">
      @if (isCopied()) {
        <svg lucideCheck size="0.8125rem"></svg>
      } @else {
        <svg lucideCopy size="0.8125rem"></svg>
      }
    </button>
    <span class="sr-only" aria-live="polite">{{ isCopied() ? 'Copied' : '' }}</span>
  `,
  styles: `
    :host {
      display: block;
      position: relative;
    }
    pre {
      max-height: 320px;
      overflow: auto;
      padding: 10px 40px 10px 12px;
      line-height: 1.1875rem;
      white-space: pre-wrap;
      overflow-wrap: anywhere;
    }
    button {
      position: absolute;
      top: 5px;
      right: 6px;
    }
  `,
})
export class JsonView {
  readonly value = input.required<unknown>();
  readonly label = input('Payload');
  protected readonly isCopied = signal(false);
  protected readonly text = computed(() => {
    const value = this.value();
    return typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? '');
  });

  protected readonly shown = computed(() => withDirectionsShown(this.text()));

  protected async copy(): Promise<void> {
    this.isCopied.set(await copyText(this.text()));
    setTimeout(() => this.isCopied.set(false), 1500);
  }
}
