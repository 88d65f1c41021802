import { computed, signal } from '@angular/core';
import type { Attachment } from '@pizzapi/protocol';
import { asProblem } from '../../core/api/api-problem';
import { attachmentUrl, type UploadFile } from '../../core/api/attachments-api';
import { randomKey } from '../../core/api/random-key';

/** A file that goes with the message that is being written. */
export interface AttachedFile {
  /** Also the upload's `Idempotency-Key`: a retry after a lost answer makes no second attachment. */
  readonly key: string;
  readonly name: string;
  readonly size: number;
  /** Of an image. */
  readonly preview: string | null;
  /** The share that is uploaded, from 0 to 1. */
  readonly progress: number;
  readonly attachment: Attachment | null;
  readonly problem: string | null;
  /** How to solve the problem: upload again, or choose the file again because this browser no longer has it. */
  readonly remedy: 'upload' | 'choose';
}

interface Source {
  readonly file: File;
  stop: AbortController;
}

const PREVIEWED = /^image\/(png|jpeg|gif|webp)$/;
/** More would only queue up, on connections that the rest of the console needs. */
const UPLOADS_AT_ONCE = 3;
const GONE = 'The relay does not have this file any more. Choose it again, or remove it.';

/** The files of a message that is being written, which are uploaded as soon as they are chosen. */
export class AttachedFiles {
  private readonly list = signal<readonly AttachedFile[]>([]);
  private readonly sources = new Map<string, Source>();
  private readonly waiting: string[] = [];
  private running = 0;
  readonly all = this.list.asReadonly();
  readonly ready = computed(() => this.list().flatMap(({ attachment }) => (attachment === null ? [] : [attachment])));
  readonly areReady = computed(() => this.ready().length === this.list().length);
  /** For screen readers. */
  readonly announcement = computed(() => {
    const files = this.list();
    const failed = files.find(({ problem }) => problem !== null);
    if (failed !== undefined) return `${failed.name} was not uploaded. ${failed.problem}`;
    const waiting = files.length - this.ready().length;
    if (waiting > 0) return `${waiting === 1 ? '1 file is' : `${waiting} files are`} being uploaded`;
    return files.length === 0 ? '' : `${files.length === 1 ? '1 file' : `${files.length} files`} attached`;
  });

  constructor(private readonly upload: () => UploadFile | undefined) {}

  add(files: Iterable<File>): void {
    for (const file of files) {
      const key = this.keep(file);
      this.list.update((known) => [...known, shownFile(key, file)]);
      this.begin(key);
    }
  }

  /** Replaces a file that is no longer available. */
  replace(key: string, file: File): void {
    const fresh = this.keep(file);
    this.list.update((files) => files.map((known) => (known.key === key ? shownFile(fresh, file) : known)));
    this.begin(fresh);
  }

  /** Files already uploaded: those of a draft, or of a message that could not be sent. */
  restore(attachments: readonly Attachment[]): void {
    const known = new Set(this.ready().map(({ attachmentId }) => attachmentId));
    const restored = attachments
      .filter(({ attachmentId }) => !known.has(attachmentId))
      .map((attachment): AttachedFile => {
        const { attachmentId: key, name, size, isImage } = attachment;
        const preview = isImage ? attachmentUrl(attachment) : null;
        return { key, name, size, preview, progress: 1, attachment, problem: null, remedy: 'upload' };
      });
    if (restored.length > 0) this.list.update((files) => [...files, ...restored]);
  }

  /** The relay no longer has these. */
  markGone(attachmentIds: readonly string[]): void {
    for (const file of this.list()) {
      if (file.attachment === null || !attachmentIds.includes(file.attachment.attachmentId)) continue;
      this.release(file);
      this.change(file.key, { attachment: null, preview: null, problem: GONE, remedy: 'choose' });
    }
  }

  /** @returns the attachments that the relay has */
  remove(key: string): Attachment | null {
    const removed = this.list().find((file) => file.key === key);
    this.list.update((files) => files.filter((file) => file.key !== key));
    this.release(removed);
    return removed?.attachment ?? null;
  }

  retry(key: string): void {
    const source = this.sources.get(key);
    if (source === undefined) return;
    source.stop = new AbortController();
    this.change(key, { problem: null, progress: 0 });
    this.begin(key);
  }

  /** Takes all of them for a message. */
  take(): Attachment[] {
    const taken = this.ready();
    this.clear();
    return taken;
  }

  /** Starts over, for another session's composer. */
  clear(): void {
    for (const file of this.list()) this.release(file);
    this.list.set([]);
  }

  private keep(file: File): string {
    const key = randomKey();
    this.sources.set(key, { file, stop: new AbortController() });
    return key;
  }

  /** In the order in which they were chosen, a few at a time. */
  private begin(key: string): void {
    this.waiting.push(key);
    this.beginNext();
  }

  private beginNext(): void {
    if (this.running >= UPLOADS_AT_ONCE) return;
    const key = this.waiting.shift();
    if (key === undefined) return;
    this.running += 1;
    void this.send(key).finally(() => {
      this.running -= 1;
      this.beginNext();
    });
  }

  private async send(key: string): Promise<void> {
    const source = this.sources.get(key);
    const upload = this.upload();
    // It was removed while it waited.
    if (source === undefined || upload === undefined) return;
    const { file, stop } = source;
    try {
      const progress = (share: number): void => this.change(key, { progress: share });
      this.change(key, { attachment: await upload(file, key, progress, stop.signal), progress: 1 });
    } catch (error) {
      if (!stop.signal.aborted) this.change(key, { problem: asProblem(error).message });
    }
  }

  private release(file: AttachedFile | undefined): void {
    if (file === undefined) return;
    this.sources.get(file.key)?.stop.abort();
    this.sources.delete(file.key);
    if (file.preview?.startsWith('blob:')) URL.revokeObjectURL(file.preview);
  }

  private change(key: string, fields: Partial<AttachedFile>): void {
    this.list.update((files) => files.map((file) => (file.key === key ? { ...file, ...fields } : file)));
  }
}

function shownFile(key: string, file: File): AttachedFile {
  const preview = PREVIEWED.test(file.type) ? URL.createObjectURL(file) : null;
  const { name, size } = file;
  return { key, name, size, preview, progress: 0, attachment: null, problem: null, remedy: 'upload' };
}
