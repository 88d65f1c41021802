import { computed, signal } from '@angular/core';
import type { Attachment } from '@pizzapi/protocol';
import { asProblem } from '../../../core/api/api-problem';
import { attachmentUrl, type UploadFile } from '../../../core/api/attachments-api';
import { randomKey } from '../../../core/api/random-key';

/** A file that goes with the message that is being written. */
export interface ComposerFile {
  /** Also the upload's `Idempotency-Key`: tried again after a lost answer, it is one attachment. */
  readonly key: string;
  readonly name: string;
  readonly size: number;
  /** Of an image. */
  readonly preview: string | null;
  /** The share that is uploaded, from 0 to 1. */
  readonly progress: number;
  readonly attachment: Attachment | null;
  readonly problem: string | null;
}

interface Running {
  readonly file: File;
  stop: AbortController;
}

const PREVIEWED = /^image\/(png|jpeg|gif|webp)$/;

/** The files of the message in the composer, which are uploaded as soon as they are chosen. */
export class ComposerFiles {
  private readonly list = signal<readonly ComposerFile[]>([]);
  private readonly sources = new Map<string, Running>();
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
      const key = randomKey();
      const preview = PREVIEWED.test(file.type) ? URL.createObjectURL(file) : null;
      const { name, size } = file;
      const added = { key, name, size, preview, progress: 0, attachment: null, problem: null };
      this.list.update((known) => [...known, added]);
      this.sources.set(key, { file, stop: new AbortController() });
      void this.send(key);
    }
  }

  /** What is uploaded already: a draft's, or a message's that could not be sent. */
  restore(attachments: readonly Attachment[]): void {
    const known = new Set(this.ready().map(({ attachmentId }) => attachmentId));
    const restored = attachments
      .filter(({ attachmentId }) => !known.has(attachmentId))
      .map((attachment): ComposerFile => {
        const { attachmentId: key, name, size, isImage } = attachment;
        const preview = isImage ? attachmentUrl(attachment) : null;
        return { key, name, size, preview, progress: 1, attachment, problem: null };
      });
    if (restored.length > 0) this.list.update((files) => [...files, ...restored]);
  }

  /** @returns what the relay has of it */
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
    void this.send(key);
  }

  /** Takes all of them for a message. */
  take(): Attachment[] {
    const taken = this.ready();
    this.clear();
    return taken;
  }

  /** Another session's composer begins. */
  clear(): void {
    for (const file of this.list()) this.release(file);
    this.list.set([]);
  }

  private async send(key: string): Promise<void> {
    const source = this.sources.get(key);
    const upload = this.upload();
    if (source === undefined || upload === undefined) return;
    const { file, stop } = source;
    try {
      const progress = (share: number): void => this.change(key, { progress: share });
      this.change(key, { attachment: await upload(file, key, progress, stop.signal), progress: 1 });
    } catch (error) {
      if (!stop.signal.aborted) this.change(key, { problem: asProblem(error).message });
    }
  }

  private release(file: ComposerFile | undefined): void {
    if (file === undefined) return;
    this.sources.get(file.key)?.stop.abort();
    this.sources.delete(file.key);
    if (file.preview?.startsWith('blob:')) URL.revokeObjectURL(file.preview);
  }

  private change(key: string, fields: Partial<ComposerFile>): void {
    this.list.update((files) => files.map((file) => (file.key === key ? { ...file, ...fields } : file)));
  }
}
