import { Component, ElementRef, computed, effect, input, output, signal, untracked, viewChild } from '@angular/core';
import { LucideCornerDownLeft, LucideSquare } from '@lucide/angular';
import type { DeliverAs, SessionCommand } from '@pizzapi/protocol';
import { Button } from '../../../ui/button';
import { IconButton } from '../../../ui/icon-button';
import { Kbd } from '../../../ui/kbd';
import { CommandCompletion } from './command-completion';
import { CommandMenu } from './command-menu';
import { readDraft, writeDraft } from './draft-storage';

const MAX_SHARE_OF_WINDOW = 1 / 3;

/** Where a person writes. Enter sends, or steers while the agent works; Alt+Enter queues; nothing typed is lost. */
@Component({
  selector: 'pz-composer',
  imports: [Button, CommandMenu, IconButton, Kbd, LucideCornerDownLeft, LucideSquare],
  templateUrl: './composer.html',
  styleUrl: './composer.css',
})
export class Composer {
  readonly sessionId = input.required<string>();
  readonly isWorking = input.required<boolean>();
  /** Why nothing can be sent now; null when it can. */
  readonly obstacle = input<string | null>(null);
  /** What a message may begin with. */
  readonly commands = input<readonly SessionCommand[]>([]);
  readonly sent = output<{ text: string; deliverAs: DeliverAs }>();
  readonly aborted = output();

  private readonly field = viewChild.required<ElementRef<HTMLTextAreaElement>>('field');
  protected readonly text = signal('');
  protected readonly completion = new CommandCompletion(this.text, this.commands, (command) => this.complete(command));
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
    this.noteCaret();
  }

  protected noteCaret(): void {
    this.completion.caret.set(this.field().nativeElement.selectionStart);
  }

  protected complete({ name }: SessionCommand): void {
    this.text.set(`/${name} `);
    this.focus();
  }

  protected onKey(event: KeyboardEvent): void {
    if (this.completion.take(event)) {
      event.preventDefault();
      return;
    }
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
