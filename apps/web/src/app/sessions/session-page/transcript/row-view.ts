import { Component, input, output } from '@angular/core';
import { LucidePlay } from '@lucide/angular';
import { Button } from '../../../ui/button';
import { ApprovalCard } from '../approvals/approval-card';
import type { Row } from '../conversation/row';
import type { TriggerItem, UserItem } from '../conversation/transcript-item';
import { MarkdownView } from '../markdown/markdown-view';
import { SubagentCard } from '../subagents/subagent-card';
import { ToolGroup } from '../tools/tool-group';
import { EndingRow } from './ending-row';
import { ViolationLines } from '../sandbox/violation-lines';
import { NoticeRow } from './notice-row';
import { RetryRow } from './retry-row';
import { ThinkingRow } from './thinking-row';
import { TriggerCard } from './trigger-card';
import { UserRow } from './user-row';

/** One row of the conversation, by its kind. */
@Component({
  selector: 'pz-row-view',
  imports: [
    ApprovalCard,
    Button,
    EndingRow,
    LucidePlay,
    MarkdownView,
    NoticeRow,
    RetryRow,
    SubagentCard,
    ThinkingRow,
    ToolGroup,
    TriggerCard,
    UserRow,
    ViolationLines,
  ],
  template: `
    @let it = row();
    @switch (it.kind) {
      @case ('user') {
        <pz-user-row
          [item]="it.item"
          (imageOpened)="imageOpened.emit($event)"
          (edited)="edited.emit($event)"
          (forked)="forked.emit($event)"
        />
      }
      @case ('text') {
        <pz-markdown [class.live]="it.isLive" [text]="it.text" (imageOpened)="imageOpened.emit($event)" />
      }
      @case ('thinking') {
        <pz-thinking-row [row]="it" />
      }
      @case ('tools') {
        <pz-tool-group [row]="it" [isWide]="isWide()" (imageOpened)="imageOpened.emit($event)" />
      }
      @case ('subagents') {
        <pz-subagent-card [call]="it.call" />
      }
      @case ('trigger') {
        <pz-trigger-card [item]="it.item" (forked)="forked.emit($event)" />
      }
      @case ('approval') {
        <pz-approval-card [row]="it" />
      }
      @case ('notice') {
        <pz-notice-row
          [key]="it.key"
          [tone]="it.item.isBad ? 'bad' : 'quiet'"
          [heading]="it.item.title"
          [words]="it.item.words ?? ''"
          [detail]="it.item.text"
        />
      }
      @case ('violation') {
        <pz-violation-lines [violations]="[it.item.violation]" />
      }
      @case ('ending') {
        <pz-ending-row [row]="it" />
      }
      @case ('problem') {
        <pz-notice-row
          [key]="it.key"
          [tone]="it.problem.isHarmless ? 'quiet' : 'bad'"
          [heading]="it.problem.detail || it.problem.code"
        />
      }
      @case ('retry') {
        <pz-retry-row [row]="it" />
      }
      @case ('compaction') {
        <pz-notice-row [key]="it.key" heading="Compacting the context…" />
      }
      @case ('hookStatus') {
        <pz-notice-row [key]="it.key" [heading]="it.text" />
      }
      @case ('continue') {
        <div class="continue">
          <div>
            <b>The turn was interrupted</b><br /><span class="muted"
              >Its worker stopped in the middle. Nothing is lost.</span
            >
          </div>
          <button pzButton variant="primary" type="button" (click)="continued.emit()">
            <svg lucidePlay></svg>Continue
          </button>
        </div>
      }
    }
  `,
  styles: `
    .continue {
      display: flex;
      align-items: center;
      justify-content: space-between;
      gap: 12px;
      padding: 10px 12px;
      border: 1px solid color-mix(in srgb, var(--warn) 30%, var(--border));
      border-radius: var(--radius);
      background: color-mix(in srgb, var(--warn-bg) 60%, transparent);
    }
  `,
})
export class RowView {
  readonly row = input.required<Row>();
  readonly isWide = input(false);
  readonly imageOpened = output<string>();
  readonly continued = output();
  /** Asks to edit a message. */
  readonly edited = output<UserItem>();
  /** Asks to fork the session before a message or a trigger. */
  readonly forked = output<UserItem | TriggerItem>();
}
