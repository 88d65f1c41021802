import { Component, computed, input, output, signal } from '@angular/core';
import { LucideCheck, LucideChevronRight, LucideClock, LucideSend } from '@lucide/angular';
import { RouterLink } from '@angular/router';
import { Copyable } from '../../../ui/copyable';
import { JsonView } from '../../../ui/json-view';
import { RelativeTime } from '../../../ui/relative-time';
import type { Delivery, DeliveryPhase } from './delivery';

const WORDS: Record<DeliveryPhase, string> = {
  waiting: 'Waiting: on its way to the session',
  sent: 'Sent: its worker has it, and puts it into the conversation',
  received: 'Received: it is in the conversation',
};

/** One trigger of the panel: what, from whom, when and how far; opens to its payload. */
@Component({
  selector: 'pz-delivery-row',
  imports: [Copyable, JsonView, LucideCheck, LucideChevronRight, LucideClock, LucideSend, RelativeTime, RouterLink],
  template: `
    @let it = delivery();
    <button type="button" class="line" [attr.aria-expanded]="isOpen()" (click)="isOpen.set(!isOpen())">
      <span class="phase" [class]="it.phase" role="img" [attr.aria-label]="words()" [title]="words()">
        @switch (it.phase) {
          @case ('received') {
            <svg lucideCheck></svg>
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
        @if (it.phase === 'received') {
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
            @if (it.childSessionId; as child) {
              <a [routerLink]="['/s', child]">its child session</a>
            } @else {
              {{ it.source }}
            }
          </dd>
          <dt>{{ it.phase === 'received' ? 'Received' : 'Fired' }}</dt>
          <dd><pz-relative-time [iso]="it.ts" form="long" /></dd>
          <dt>{{ it.phase === 'received' ? 'Entered' : 'Enters' }}</dt>
          <dd>{{ it.deliverAs === 'steer' ? 'before the next model call' : 'after the turn' }}</dd>
          @if (it.phase !== 'received' && it.attempts > 1) {
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
  /** Its place in the conversation, as far as that is loaded. */
  readonly seq = input<number>();
  readonly shown = output<number>();
  protected readonly isOpen = signal(false);
  protected readonly words = computed(() => WORDS[this.delivery().phase]);
}
