import {
  Component,
  computed,
  DestroyRef,
  effect,
  ElementRef,
  inject,
  input,
  output,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { LucideCornerDownLeft, LucideSquare } from '@lucide/angular';
import type { Attachment, DeliverAs, SessionCommand } from '@pizzapi/protocol';
import type { UploadFile } from '../../../core/api/attachments-api';
import { Button } from '../../../ui/button';
import { IconButton } from '../../../ui/icon-button';
import { Kbd } from '../../../ui/kbd';
import { CommandCompletion } from './command-completion';
import { CommandMenu } from './command-menu';
import { FileCompletion, type FindFiles } from './file-completion';
import { FileMenu } from './file-menu';
import type { Message } from '../conversation/outbox';
import { AttachButton } from '../../attaching/attach-button';
import { AttachedFiles } from '../../attaching/attached-files';
import { readDraftFiles, writeDraftFiles } from '../../attaching/draft-files';
import { FileChips } from '../../attaching/file-chips';
import { pastedFiles } from '../../attaching/pasted-files';
import { commandWithoutFiles } from './command-matches';
import { readDraft, writeDraft } from './draft-storage';
import type { Completed } from './typed-path';

const MAX_SHARE_OF_WINDOW = 1 / 3;

/** Where a person writes. Enter sends, or steers while the agent works; Alt+Enter queues; nothing typed is lost. */
@Component({
  selector: 'pz-composer',
  imports: [
    AttachButton,
    Button,
    CommandMenu,
    FileChips,
    FileMenu,
    IconButton,
    Kbd,
    LucideCornerDownLeft,
    LucideSquare,
  ],
  templateUrl: './composer.html',
  styleUrl: './composer.css',
})
export class Composer {
  readonly sessionId = input.required<string>();
  readonly isWorking = input.required<boolean>();
  /** Why nothing can be sent now; null if it can. */
  readonly obstacle = input<string | null>(null);
  /** What a message may begin with. */
  readonly commands = input<readonly SessionCommand[]>([]);
  /** Absent: files of the working folder cannot be named. */
  readonly findFiles = input<FindFiles>();
  /** Absent: files cannot be attached. */
  readonly upload = input<UploadFile>();
  readonly sent = output<Message>();
  /** A file that was uploaded and then removed from the message. */
  readonly discarded = output<Attachment>();
  readonly aborted = output();

  private readonly field = viewChild.required<ElementRef<HTMLTextAreaElement>>('field');
  protected readonly text = signal('');
  /** Where the caret stands; 0 while the field has no focus. */
  protected readonly caret = signal(0);
  protected readonly completion = new CommandCompletion(this.text, this.caret, this.commands, (command) =>
    this.complete(command),
  );
  protected readonly mention = new FileCompletion(this.text, this.caret, this.findFiles, (completed) =>
    this.write(completed),
  );
  /** The list that is open: of commands, or of files. */
  protected readonly listId = computed(() => {
    if (this.completion.matches()) return 'composer-commands';
    return this.mention.isOpen() ? 'composer-files' : null;
  });
  protected readonly files = new AttachedFiles(this.upload);
  protected readonly canAttach = computed(() => this.upload() !== undefined && this.obstacle() === null);
  /** The command in the field that takes no files; null if there is none. */
  protected readonly fileless = computed(() =>
    this.files.all().length === 0 ? null : commandWithoutFiles(this.commands(), this.text()),
  );
  protected readonly canSend = computed(() => {
    const isEmpty = this.text().trim() === '' && this.files.all().length === 0;
    return !isEmpty && this.files.areReady() && this.fileless() === null && this.obstacle() === null;
  });
  protected readonly placeholder = computed(() => {
    const obstacle = this.obstacle();
    if (obstacle !== null) return obstacle;
    return this.isWorking() ? 'Steer the agent, or queue for after this turn' : 'Message the agent';
  });

  constructor() {
    effect(() => {
      const sessionId = this.sessionId();
      untracked(() => {
        this.text.set(readDraft(sessionId));
        this.files.clear();
        this.files.restore(readDraftFiles(sessionId));
      });
    });
    effect(() => writeDraft(untracked(this.sessionId), this.text()));
    effect(() => writeDraftFiles(untracked(this.sessionId), this.files.ready()));
    inject(DestroyRef).onDestroy(() => this.files.clear());
    effect(() => {
      this.text();
      this.fit(this.field().nativeElement);
    });
  }

  focus(): void {
    this.field().nativeElement.focus();
  }

  /** Files that were dropped or chosen. */
  attach(files: Iterable<File>): void {
    if (!this.canAttach()) return;
    this.files.add(files);
    this.focus();
  }

  /** Restores a message that was not sent or was taken back. `gone` are the ids of files that the relay no longer has. */
  restore({ text, attachments = [] }: Pick<Message, 'text' | 'attachments'>, gone: readonly string[] = []): void {
    this.text.update((typed) =>
      typed.trim() === '' ? text : [text, typed].filter((part) => part !== '').join('\n\n'),
    );
    this.files.restore(attachments);
    this.files.markGone(gone);
    this.focus();
  }

  protected onPaste(event: ClipboardEvent): void {
    const files = this.canAttach() ? pastedFiles(event) : [];
    if (files.length === 0) return;
    event.preventDefault();
    this.files.add(files);
  }

  protected removeFile(key: string): void {
    const attachment = this.files.remove(key);
    if (attachment !== null) this.discarded.emit(attachment);
    this.focus();
  }

  protected onInput(): void {
    this.text.set(this.field().nativeElement.value);
    this.noteCaret();
  }

  protected noteCaret(): void {
    this.caret.set(this.field().nativeElement.selectionStart);
  }

  protected complete({ name }: SessionCommand): void {
    const text = `/${name} `;
    this.write({ text, caret: text.length });
  }

  /** Puts the caret where typing goes on. At once: a key that is typed before the next rendering goes into the new text. */
  private write({ text, caret }: Completed): void {
    const field = this.field().nativeElement;
    this.focus();
    field.value = text;
    field.setSelectionRange(caret, caret);
    this.text.set(text);
    this.noteCaret();
  }

  protected onKey(event: KeyboardEvent): void {
    if (this.completion.take(event) || this.mention.take(event)) {
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
    const attachments = this.files.take();
    this.text.set('');
    // At once: more may be typed before the next rendering.
    this.field().nativeElement.value = '';
    this.sent.emit({ text, deliverAs, ...(attachments.length > 0 && { attachments }) });
  }

  /** As tall as its text, up to a third of the window. */
  private fit(field: HTMLTextAreaElement): void {
    if (field.value !== this.text()) field.value = this.text();
    field.style.height = 'auto';
    field.style.height = `${Math.min(field.scrollHeight, innerHeight * MAX_SHARE_OF_WINDOW)}px`;
  }
}
