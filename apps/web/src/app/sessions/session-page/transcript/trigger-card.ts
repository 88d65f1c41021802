import { Component, computed, inject, input, output } from '@angular/core';
import { RouterLink } from '@angular/router';
import { LucideChevronRight, LucideGitFork, LucideSplit, LucideZap } from '@lucide/angular';
import { JsonView } from '../../../ui/json-view';
import { SessionForks } from '../../session-forks';
import type { TriggerItem } from '../conversation/transcript-item';
import { childWord } from './child-word';
import { Disclosure } from './disclosure';
import { dayAndTime } from './entry-time';

/** A trigger that came in: a postcard with its source, type and summary, and the task of a listener; the payload on demand. */
@Component({
  selector: 'pz-trigger-card',
  imports: [JsonView, LucideChevronRight, LucideGitFork, LucideSplit, LucideZap, RouterLink],
  templateUrl: './trigger-card.html',
  styleUrl: './trigger-card.css',
})
export class TriggerCard {
  readonly item = input.required<TriggerItem>();
  /** Another session is to take over what was said before it. */
  readonly forked = output<TriggerItem>();
  protected readonly forks = inject(SessionForks);
  protected readonly disclosure = inject(Disclosure);
  protected readonly hasPayload = computed(() => this.item().payload !== undefined);
  protected readonly isOpen = computed(() => this.hasPayload() && this.disclosure.isOpen(this.item().key));
  /** News from a child session. */
  protected readonly child = computed(() => childWord(this.item()));
  protected readonly summary = computed(() => this.child()?.said ?? this.item().summary);
  protected readonly origin = computed(() => {
    const { source, ts, firedAt, deliverAs } = this.item();
    const way = deliverAs === 'steer' ? 'steered in' : '';
    return [this.child() === null ? source : '', dayAndTime(firedAt || ts), way].filter(Boolean).join(' · ');
  });
}
