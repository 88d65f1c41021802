import { Component, computed, inject, input } from '@angular/core';
import {
  LucideBan,
  LucideCheck,
  LucideChevronRight,
  LucideCircleDashed,
  LucideMessageCircleQuestionMark,
  LucideX,
} from '@lucide/angular';
import type { SubagentRun } from '@pizzapi/protocol';
import { MarkdownView } from '../markdown/markdown-view';
import { Disclosure } from '../transcript/disclosure';
import { SubagentCalls } from './subagent-calls';
import { liveLine, oneLine, startedBy, stateWords, timeWords, usageWords } from './subagent-words';

/** About what fits into the line. */
const SHORT_TASK = 60;

/** One agent at one task: a line that tells how it stands, and opens to all of it. */
@Component({
  selector: 'pz-subagent-step',
  imports: [
    LucideBan,
    LucideCheck,
    LucideChevronRight,
    LucideCircleDashed,
    LucideMessageCircleQuestionMark,
    LucideX,
    MarkdownView,
    SubagentCalls,
  ],
  host: { '[class]': 'step().state' },
  templateUrl: './subagent-step.html',
  styleUrl: './subagent-step.css',
})
export class SubagentStepView {
  readonly run = input.required<SubagentRun>();
  /** Its place among the steps of the run. */
  readonly at = input.required<number>();
  readonly callId = input.required<string>();
  readonly now = input.required<number>();
  private readonly disclosure = inject(Disclosure);

  protected readonly step = computed(() => {
    const step = this.run().steps[this.at()];
    if (step === undefined) throw new RangeError(`The run has no step ${this.at()}.`);
    return step;
  });
  protected readonly children = computed(() => startedBy(this.run(), this.at()));
  protected readonly isAtWork = computed(() => this.step().state === 'running' || this.step().state === 'asking');
  protected readonly state = computed(() => stateWords(this.step().state));
  protected readonly task = computed(() => oneLine(this.step().task));
  protected readonly wholeTask = computed(() => {
    const { task } = this.step();
    return task.length > SHORT_TASK || task.includes('\n') ? task : '';
  });
  protected readonly line = computed(() => liveLine(this.step()));
  protected readonly time = computed(() => timeWords(this.step(), this.now()));
  protected readonly usage = computed(() => usageWords(this.step().usage));
  private readonly key = computed(() => `subagent:${this.callId()}:${this.at()}`);
  protected readonly isOpen = computed(() => this.disclosure.isOpen(this.key(), this.isAtWork()));

  protected toggle(): void {
    this.disclosure.toggle(this.key(), this.isAtWork());
  }
}
