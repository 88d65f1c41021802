import { Component, input, output } from '@angular/core';
import { LucideRefreshCw } from '@lucide/angular';
import { BrandMark } from '../ui/brand-mark';
import { Button } from '../ui/button';
import { FocusFirst } from '../ui/focus-first';

/** Stands in for a page or dialog whose code could not be fetched. Only a reload helps: browsers remember the failure. */
@Component({
  selector: 'pz-load-failure',
  imports: [BrandMark, Button, FocusFirst, LucideRefreshCw],
  host: { role: 'alertdialog', 'aria-labelledby': 'load-failure', '(keydown.escape)': 'canGoBack() && closed.emit()' },
  template: `
    <div>
      <pz-brand-mark [size]="36" />
      <h1 id="load-failure">This part of the console could not be loaded</h1>
      <p class="muted">
        The relay is not answering, or it has a newer console than this page. What you typed is kept, and agents keep
        working.
      </p>
      <div class="acts">
        @if (canGoBack()) {
          <button pzButton type="button" (click)="closed.emit()">Back</button>
        }
        <button pzButton pzFocusFirst variant="primary" type="button" (click)="reload()">
          <svg lucideRefreshCw></svg>Reload
        </button>
      </div>
    </div>
  `,
  styles: `
    :host {
      position: fixed;
      z-index: 45;
      inset: 0;
      display: grid;
      place-items: start center;
      padding: 18vh 16px 16px;
      overflow: auto;
      background: var(--bg);
    }
    :host > div {
      display: grid;
      justify-items: center;
      gap: 10px;
      max-width: 44ch;
      text-align: center;
      text-wrap: balance;
    }
    .acts {
      display: flex;
      gap: 8px;
      margin-top: 6px;
    }
  `,
})
export class LoadFailure {
  /** Where the reload leads; by default to this page. */
  readonly url = input<string>();
  /** Whether something is left to go back to. */
  readonly canGoBack = input(false);
  readonly closed = output();

  protected reload(): void {
    const url = this.url();
    if (url === undefined || url === location.pathname + location.search + location.hash) location.reload();
    else location.assign(url);
  }
}
