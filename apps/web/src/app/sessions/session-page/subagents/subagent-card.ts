import { Component, computed, DestroyRef, effect, inject, input, signal, untracked } from '@angular/core';
import { LucideBot, LucideChevronRight } from '@lucide/angular';
import type { ToolCall } from '../conversation/row';
import { ViolationLines } from '../sandbox/violation-lines';
import { Disclosure } from '../transcript/disclosure';
import { SubagentStepView } from './subagent-step';
import { costWords, isOver, progressWords, runOf, startedBy } from './subagent-words';

/** A call that delegates to other agents: a card each, open while they work, folded when done. */
@Component({
  selector: 'pz-subagent-card',
  imports: [LucideBot, LucideChevronRight, SubagentStepView, ViolationLines],
  host: { role: 'group', 'aria-label': 'Subagents' },
  template: `
    @if (isPlural()) {
      <button type="button" class="head" [attr.aria-expanded]="isOpen()" (click)="toggle()">
        <svg lucideBot></svg>
        <span class="what">{{ run().mode === 'chain' ? 'Chain of subagents' : 'Subagents' }} </span>
        <span class="progress ell">{{ progress() }} </span>
        <span class="cost">{{ cost() }}</span>
        <svg lucideChevronRight class="chevron"></svg>
      </button>
    }
    @if (isOpen() || !isPlural()) {
      @for (placed of own(); track placed.at) {
        <pz-subagent-step [at]="placed.at" [run]="run()" [callId]="call().toolCallId" [now]="now()" />
      } @empty {
        <p class="writing"><svg lucideBot></svg>Writing the task…</p>
      }
    }
    @if (call().violations.length > 0) {
      <pz-violation-lines [violations]="call().violations" />
    }
    <span class="sr-only" role="status">{{ spoken() }}</span>
  `,
  styleUrl: './subagent-card.css',
})
export class SubagentCard {
  readonly call = input.required<ToolCall>();
  private readonly disclosure = inject(Disclosure);
  protected readonly now = signal(Date.now());

  protected readonly run = computed(() => runOf(this.call()));
  protected readonly own = computed(() => startedBy(this.run(), null));
  protected readonly isPlural = computed(() => this.own().length > 1 || this.run().mode !== 'single');
  protected readonly progress = computed(() => progressWords(this.run()));
  protected readonly cost = computed(() => costWords(this.run().steps));
  private readonly isRunning = computed(() => this.call().result === null && this.call().running?.finished === null);
  private readonly key = computed(() => `subagents:${this.call().toolCallId}`);
  protected readonly isOpen = computed(() => this.disclosure.isOpen(this.key(), this.call().result === null));
  /** Announces only what ended: a screen reader should not read out every tool call. */
  protected readonly spoken = computed(() =>
    this.isRunning() && this.run().steps.some(({ state }) => isOver(state)) ? `Subagents: ${this.progress()}` : '',
  );

  constructor() {
    let timer: ReturnType<typeof setInterval> | undefined;
    effect(() => {
      const isRunning = this.isRunning();
      clearInterval(timer);
      untracked(() => this.now.set(Date.now()));
      if (isRunning) timer = setInterval(() => this.now.set(Date.now()), 1000);
    });
    inject(DestroyRef).onDestroy(() => clearInterval(timer));
  }

  protected toggle(): void {
    this.disclosure.toggle(this.key(), this.call().result === null);
  }
}
