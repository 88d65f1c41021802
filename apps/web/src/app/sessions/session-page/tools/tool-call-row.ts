import { Component, DestroyRef, computed, effect, inject, input, output, signal, untracked } from '@angular/core';
import {
  LucideBot,
  LucideChevronRight,
  LucideExternalLink,
  LucideFilePen,
  LucideFilePlus,
  LucideFileText,
  LucideFolderTree,
  LucideMessageCircleQuestionMark,
  LucideSearch,
  LucideTerminal,
  LucideWaypoints,
  LucideWrench,
} from '@lucide/angular';
import { entryPage } from '../../../tunnels/tunnel-address';
import { durationText } from '../../../ui/time-text';
import { clock } from '../conversation/number-words';
import { isRecord } from '../../../core/shape';
import { textField } from '../conversation/message-content';
import type { ToolCall } from '../conversation/row';
import { summarizeTool } from '../conversation/tool-summary';
import { ChildLink } from '../family/child-link';
import { ViolationLines } from '../sandbox/violation-lines';
import { Disclosure } from '../transcript/disclosure';
import { ToolDetail } from './tool-detail';

const SMALL_EDIT_LINES = 24;

/** One tool call as a quiet line; opens to its input, output and changes. The running one is open by itself. */
@Component({
  selector: 'pz-tool-call-row',
  imports: [
    ChildLink,
    LucideBot,
    LucideChevronRight,
    LucideExternalLink,
    LucideFilePen,
    LucideFilePlus,
    LucideFileText,
    LucideFolderTree,
    LucideMessageCircleQuestionMark,
    LucideSearch,
    LucideTerminal,
    LucideWaypoints,
    LucideWrench,
    ToolDetail,
    ViolationLines,
  ],
  host: { '[class.failed]': "summary().state === 'failed'" },
  templateUrl: './tool-call-row.html',
  styleUrl: './tool-call-row.css',
})
export class ToolCallRow {
  readonly call = input.required<ToolCall>();
  readonly isWide = input(false);
  readonly imageOpened = output<string>();
  private readonly disclosure = inject(Disclosure);
  private readonly now = signal(Date.now());
  private readonly key = computed(() => `tool:${this.call().toolCallId}`);

  protected readonly summary = computed(() => summarizeTool(this.call()));
  protected readonly isBusy = computed(() => ['running', 'writing'].includes(this.summary().state));
  /** Small edits are what one came to see; everything else opens while it runs. */
  private readonly opensByItself = computed(() => {
    const { state, icon, added, removed } = this.summary();
    // The question has a card of its own.
    if (icon === 'ask') return false;
    return state === 'running' || (icon === 'edit' && state === 'done' && added + removed <= SMALL_EDIT_LINES);
  });
  protected readonly isOpen = computed(() => this.disclosure.isOpen(this.key(), this.opensByItself()));
  /** Into the tunnel that this call opened. */
  protected readonly tunnel = computed(() => {
    const { toolName, result } = this.call();
    const page = entryPage({ url: textField(result?.details, 'url') });
    if (toolName !== 'create_tunnel' || !page.startsWith('/open-tunnel/')) return null;
    return { name: textField(result?.details, 'name'), page };
  });
  /** The session that this call started or was about. */
  protected readonly child = computed(() => {
    const { details } = this.call().result ?? {};
    return isRecord(details) ? textField(details['child'], 'sessionId') : '';
  });
  protected readonly time = computed(() => {
    const { durationMs, running } = this.call();
    if (durationMs !== null) return durationText(durationMs);
    return running === null ? '' : clock(this.now() - Date.parse(running.startedAt));
  });

  constructor() {
    let timer: ReturnType<typeof setInterval> | undefined;
    effect(() => {
      const isRunning = this.summary().state === 'running';
      clearInterval(timer);
      untracked(() => this.now.set(Date.now()));
      if (isRunning) timer = setInterval(() => this.now.set(Date.now()), 1000);
    });
    inject(DestroyRef).onDestroy(() => clearInterval(timer));
  }

  protected toggle(): void {
    this.disclosure.toggle(this.key(), this.opensByItself());
  }
}
