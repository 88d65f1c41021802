import { Component, computed, input, output, signal } from '@angular/core';
import { LucideListEnd, LucideRotateCw, LucideX, LucideZap } from '@lucide/angular';
import type { Attachment, QueuedInput } from '@pizzapi/protocol';
import { withDirectionsShown } from '../../../ui/direction-signs';
import { filesText } from '../../attaching/file-words';
import type { Outbox, OutgoingInput } from '../conversation/outbox';

/** What waits: queued inputs as chips that can be edited or taken back (triggers cannot), and inputs being sent or not sent. */
@Component({
  selector: 'pz-queued-inputs',
  imports: [LucideListEnd, LucideRotateCw, LucideX, LucideZap],
  templateUrl: './queued-inputs.html',
  styleUrl: './queued-inputs.css',
})
export class QueuedInputs {
  readonly queue = input.required<readonly QueuedInput[]>();
  /** How many wait after those. */
  readonly more = input(0);
  readonly outbox = input.required<Outbox>();
  readonly edited = output<{ inputId: string; text: string }>();
  readonly takenBack = output<QueuedInput>();
  readonly retried = output<string>();
  readonly withdrawn = output<OutgoingInput>();

  protected readonly shown = withDirectionsShown;
  protected readonly editing = signal<string | null>(null);
  protected readonly sending = computed(() => this.outbox().filter((message) => message.state !== 'failed'));
  protected readonly failed = computed(() => this.outbox().filter((message) => message.state === 'failed'));

  protected wordOf({ deliverAs, kind }: QueuedInput): string {
    if (kind === 'trigger') return deliverAs === 'steer' ? 'trigger, next' : 'trigger, after the turn';
    return deliverAs === 'steer' ? 'steers next' : 'queued';
  }

  /** The words, and what is attached. */
  protected saidIn({ text, attachments = [] }: { text: string; attachments?: readonly Attachment[] }): string {
    return [text, filesText(attachments)].filter((part) => part !== '').join(' ');
  }

  protected finish(queued: QueuedInput, text: string): void {
    if (this.editing() !== queued.inputId) return;
    this.editing.set(null);
    const words = text.trim();
    if (words !== '' && words !== queued.text) this.edited.emit({ inputId: queued.inputId, text: words });
  }
}
