import { Component, computed, inject, input, output } from '@angular/core';
import { LucideCopy, LucideExternalLink, LucideWaypoints, LucideX } from '@lucide/angular';
import type { TunnelView } from '@pizzapi/protocol';
import { Clipboard } from '../../../core/clipboard';
import { entryPage } from '../../../tunnels/tunnel-address';
import { IconButton } from '../../../ui/icon-button';
import { LucideIcon } from '../../../ui/lucide-icon';
import { RelativeTime } from '../../../ui/relative-time';

const OPENERS: Readonly<Record<TunnelView['openedBy'], string>> = {
  agent: 'opened by the agent',
  person: 'opened by hand',
  service: 'announced by its service',
};

/** One tunnel: which port, by whom, and the ways into it. */
@Component({
  selector: 'pz-tunnel-row',
  imports: [IconButton, LucideCopy, LucideExternalLink, LucideIcon, LucideWaypoints, LucideX, RelativeTime],
  template: `
    @let it = tunnel();
    @if (icon(); as name) {
      <pz-lucide-icon class="icon" [name]="name" />
    } @else {
      <svg lucideWaypoints class="icon"></svg>
    }
    <div class="what">
      <div class="first">
        <a class="ell" target="_blank" rel="noopener" [href]="page()" [title]="it.origin ?? ''">{{ it.name }}</a>
        @if (it.port; as port) {
          <code class="faint num" title="Port on the runner">:{{ port }}</code>
        }
      </div>
      <div class="faint">
        @if (it.serviceId && it.port === null) {
          its service does not listen now
        } @else {
          {{ opener() }}, <pz-relative-time [iso]="it.createdAt" form="long" />
        }
      </div>
    </div>
    <div class="acts">
      <button pzIconButton type="button" [label]="'Copy the link to ' + it.name" hint="Copy the link" (click)="copy()">
        <svg lucideCopy size="0.8125rem"></svg>
      </button>
      <a
        pzIconButton
        target="_blank"
        rel="noopener"
        [href]="page()"
        [label]="'Open ' + it.name + ' in a tab'"
        hint="Open in a tab"
      >
        <svg lucideExternalLink size="0.8125rem"></svg>
      </a>
      @if (canClose()) {
        <button pzIconButton type="button" [label]="'Close ' + it.name" hint="Close" (click)="closed.emit()">
          <svg lucideX size="0.875rem"></svg>
        </button>
      }
    </div>
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: 1rem minmax(0, 1fr) auto;
      gap: 10px;
      padding: 6px 0;
    }
    .icon {
      margin-top: 3px;
      color: var(--faint);
    }
    .first {
      display: flex;
      align-items: baseline;
      gap: 4px;
    }
    .what .faint {
      font-size: 0.75rem;
    }
    .acts {
      display: flex;
      margin-right: -8px;
    }
  `,
})
export class TunnelRow {
  readonly tunnel = input.required<TunnelView>();
  /** Of the service whose panel it is. */
  readonly icon = input<string>();
  readonly canClose = input(false);
  readonly closed = output();
  private readonly clipboard = inject(Clipboard);
  protected readonly page = computed(() => entryPage(this.tunnel()));
  protected readonly opener = computed(() => OPENERS[this.tunnel().openedBy]);

  protected copy(): void {
    void this.clipboard.copy(this.tunnel().url, 'Link copied. It opens for you alone, once you are signed in.');
  }
}
