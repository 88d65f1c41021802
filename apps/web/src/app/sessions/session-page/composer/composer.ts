import { Component, ElementRef, computed, effect, input, output, signal, untracked, viewChild } from '@angular/core';
import { LucideCornerDownLeft, LucideSquare } from '@lucide/angular';
import type { DeliverAs } from '@pizzapi/protocol';
import { Button } from '../../../ui/button';
import { IconButton } from '../../../ui/icon-button';
import { Kbd } from '../../../ui/kbd';
import { readDraft, writeDraft } from './draft-storage';

const MAX_SHARE_OF_WINDOW = 1 / 3;

/** Where a person writes. Enter sends, or steers while the agent works; Alt+Enter queues; nothing typed is lost. */
@Component({
  selector: 'pz-composer',
  imports: [Button, IconButton, Kbd, LucideCornerDownLeft, LucideSquare],
  templateUrl: './composer.html',
  styleUrl: './composer.css',
})
export class Composer {
  readonly sessionId = input.required<string>();
  readonly isWorking = input.required<boolean>();
  /** Why nothing can be sent now; null when it can. */
  readonly obstacle = input<string | null>(null);
  readonly sent = output<{ text: string; deliverAs: DeliverAs }>();
  readonly aborted = output();

  private readonly field = viewChild.required<ElementRef<HTMLTextAreaElement>>('field');
  protected readonly text = signal('');
  protected readonly canSend = computed(() => this.text().trim() !== '' && this.obstacle() === null);
  protected readonly placeholder = computed(() => {
    const obstacle = this.obstacle();
    if (obstacle !== null) return obstacle;
    return this.isWorking() ? 'Steer the agent, or queue for after this turn' : 'Message the agent';
  });

  constructor() {
    effect(() => {
      const sessionId = this.sessionId();
      untracked(() => this.text.set(readDraft(sessionId)));
    });
    effect(() => writeDraft(untracked(this.sessionId), this.text()));
    effect(() => {
      this.text();
      this.fit(this.field().nativeElement);
    });
  }

  focus(): void {
    this.field().nativeElement.focus();
  }

  /** Brings a text back that could not be sent. */
  restore(text: string): void {
    this.text.update((typed) => (typed.trim() === '' ? text : `${text}\n\n${typed}`));
    this.focus();
  }

  protected onInput(): void {
    this.text.set(this.field().nativeElement.value);
  }

  protected onKey(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.send(event.altKey);
  }

  protected send(isQueued = false): void {
    if (!this.canSend()) return;
    const deliverAs: DeliverAs = this.isWorking() ? (isQueued ? 'followUp' : 'steer') : 'prompt';
    const text = this.text().trim();
    this.text.set('');
    this.sent.emit({ text, deliverAs });
  }

  /** As tall as its text, up to a third of the window. */
  private fit(field: HTMLTextAreaElement): void {
    if (field.value !== this.text()) field.value = this.text();
    field.style.height = 'auto';
    field.style.height = `${Math.min(field.scrollHeight, innerHeight * MAX_SHARE_OF_WINDOW)}px`;
  }
}
