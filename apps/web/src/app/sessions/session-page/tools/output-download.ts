import { Component, computed, effect, ElementRef, inject, input, viewChild } from '@angular/core';
import { LucideDownload } from '@lucide/angular';
import { Button } from '../../../ui/button';
import { sizeText } from '../../attaching/file-words';
import { OpenedSession } from '../opened-session';
import { type OutputDownload as Download, OutputDownloads, type OutputPlace } from './output-downloads';

/** Below output that was cut: saves all of it. */
@Component({
  selector: 'pz-output-download',
  imports: [Button, LucideDownload],
  template: `
    <button #all pzButton type="button" [isBusy]="download().step === 'loading'" (click)="start()">
      <svg lucideDownload size="0.8125rem"></svg>Download all of it ({{ size() }})
    </button>
    @if (download().step === 'loading') {
      <button pzButton variant="ghost" type="button" (click)="cancel()">Cancel</button>
    }
    <span role="status" [class.bad]="download().step === 'failed'">{{ words() }}</span>
    @if (download().step === 'loading') {
      <!-- Not in the live region, which would say each step of it. -->
      <span aria-hidden="true">{{ share() }} %</span>
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 6px 10px;
      padding: 8px 12px;
      border-top: 1px solid var(--border-soft);
      color: var(--muted);
      font-size: 0.75rem;
    }
    .bad {
      color: var(--bad);
      overflow-wrap: anywhere;
    }
  `,
})
export class OutputDownload {
  readonly entryId = input.required<string>();
  /** Of all of it. */
  readonly bytes = input.required<number>();
  private readonly downloads = inject(OutputDownloads);
  private readonly session = inject(OpenedSession);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly all = viewChild.required<string, ElementRef<HTMLElement>>('all', { read: ElementRef });
  private readonly place = computed((): OutputPlace => {
    return { sessionId: this.session.store()?.sessionId ?? '', entryId: this.entryId() };
  });

  protected readonly download = computed((): Download => this.downloads.of(this.place()));
  protected readonly size = computed(() => sizeText(this.bytes()));
  protected readonly share = computed(() => {
    const download = this.download();
    const loaded = download.step === 'loading' ? download.bytes : 0;
    return Math.min(100, Math.floor((100 * loaded) / Math.max(1, this.bytes())));
  });
  protected readonly words = computed(() => {
    const download = this.download();
    switch (download.step) {
      case 'idle':
        return 'Only the beginning is shown.';
      case 'loading':
        return 'Downloading…';
      case 'failed':
        return `Not downloaded. ${download.problem}`;
      case 'done':
        return 'Downloaded.';
    }
  });

  constructor() {
    effect(() => {
      // “Cancel” goes away, and would take the focus with it.
      if (this.download().step !== 'loading' && this.host.contains(document.activeElement))
        this.all().nativeElement.focus();
    });
  }

  protected start(): void {
    void this.downloads.start(this.place());
  }

  protected cancel(): void {
    this.downloads.cancel(this.place());
  }
}
