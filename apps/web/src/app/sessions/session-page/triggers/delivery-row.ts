import { Component, computed, input, output, signal } from '@angular/core';
import { LucideArrowUpRight, LucideCheck, LucideChevronRight, LucideClock, LucideSend } from '@lucide/angular';
import { RouterLink } from '@angular/router';
import { Copyable } from '../../../ui/copyable';
import { JsonView } from '../../../ui/json-view';
import { RelativeTime } from '../../../ui/relative-time';
import { type Delivery, type DeliveryPhase, isPast } from './delivery';

const WORDS: Record<DeliveryPhase, string> = {
  waiting: 'Waiting: on its way to the session',
  sent: 'Sent: its worker has it, and puts it into the conversation',
  received: 'Received: it is in the conversation',
  fired: 'Fired: this session sent it',
};

/** One trigger of the panel: what, from whom, when, and its state; opens to its payload. */
@Component({
  selector: 'pz-delivery-row',
  imports: [
    Copyable,
    JsonView,
    LucideArrowUpRight,
    LucideCheck,
    LucideChevronRight,
    LucideClock,
    LucideSend,
    RelativeTime,
    RouterLink,
  ],
  template: `
    @let it = delivery();
    <button type="button" class="line" [attr.aria-expanded]="isOpen()" (click)="isOpen.set(!isOpen())">
      <span class="phase" [class]="it.phase" role="img" [attr.aria-label]="words()" [title]="words()">
        @switch (it.phase) {
          @case ('received') {
            <svg lucideCheck></svg>
          }
          @case ('fired') {
            <svg lucideArrowUpRight></svg>
          }
          @case ('sent') {
            <svg lucideSend></svg>
          }
          @default {
            <svg lucideClock></svg>
          }
        }
      </span>
      <span class="title ell">{{ it.title || it.type }}</span>
      <span class="faint when">
        @if (isPast()) {
          <pz-relative-time [iso]="it.ts" />
        } @else {
          {{ it.phase }}
        }
      </span>
      <span class="from faint"
        ><code>{{ it.type }}</code></span
      >
      <svg lucideChevronRight class="chevron"></svg>
    </button>
    @if (isOpen()) {
      <div class="more">
        <dl>
          <dt>From</dt>
          <dd>
            @if (it.phase === 'fired') {
              this session
            } @else if (it.childSessionId; as child) {
              <a [routerLink]="['/s', child]">its child session</a>
            } @else {
              {{ it.source }}
            }
          </dd>
          <dt>{{ it.phase === 'received' ? 'Received' : 'Fired' }}</dt>
          <dd><pz-relative-time [iso]="it.ts" form="long" /></dd>
          <dt>{{ isPast() ? 'Entered' : 'Enters' }}</dt>
          <dd>{{ it.deliverAs === 'steer' ? 'before the next model call' : 'after the turn' }}</dd>
          @if (!isPast() && it.attempts > 1) {
            <dt>Attempts</dt>
            <dd>{{ it.attempts }}</dd>
          }
          @if (it.response; as response) {
            <dt>Answered</dt>
            <dd>{{ response }}</dd>
          }
          <dt>Trigger</dt>
          <dd class="id"><pz-copyable label="the trigger’s id" [text]="it.triggerId" /></dd>
        </dl>
        <pz-json-view class="payload" [value]="it.payload" />
        @if (seq(); as number) {
          <a [href]="'#' + number" (click)="$event.preventDefault(); shown.emit(number)">Show in the conversation</a>
        }
      </div>
    }
  `,
  styleUrl: './delivery-row.css',
})
export class DeliveryRow {
  readonly delivery = input.required<Delivery>();
  /** Its entry in the conversation, if that is loaded. */
  readonly seq = input<number>();
  readonly shown = output<number>();
  protected readonly isOpen = signal(false);
  protected readonly isPast = computed(() => isPast(this.delivery()));
  protected readonly words = computed(() => WORDS[this.delivery().phase]);
}
