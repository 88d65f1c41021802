import { Service, inject, signal } from '@angular/core';
import { asProblem } from '../../../core/api/api-problem';
import { type OutputFile, ToolOutputsApi } from '../../../core/api/tool-outputs-api';

export type OutputDownload =
  | { readonly step: 'idle' }
  /** How many bytes have come. */
  | { readonly step: 'loading'; readonly bytes: number }
  | { readonly step: 'failed'; readonly problem: string }
  | { readonly step: 'done' };

/** Which output, of which session. */
export interface OutputPlace {
  readonly sessionId: string;
  readonly entryId: string;
}

const IDLE: OutputDownload = { step: 'idle' };
/** Long after the browser has begun to save it. */
const FORGET_AFTER_MS = 60_000;

/** Downloads of tools' output. They outlive the rows, which exist only while they are near the viewport, and the session's page. */
@Service()
export class OutputDownloads {
  private readonly api = inject(ToolOutputsApi);
  private readonly downloads = signal<ReadonlyMap<string, OutputDownload>>(new Map());
  private readonly running = new Map<string, AbortController>();

  of(place: OutputPlace): OutputDownload {
    return this.downloads().get(keyOf(place)) ?? IDLE;
  }

  /** Saves the whole output as a file. Nothing happens while that is under way. */
  async start(place: OutputPlace): Promise<void> {
    const key = keyOf(place);
    if (this.running.has(key)) return;
    const controller = new AbortController();
    this.running.set(key, controller);
    const become = (download: OutputDownload): void => this.downloads.update((all) => new Map(all).set(key, download));
    const progress = (bytes: number): void => become({ step: 'loading', bytes });
    progress(0);
    try {
      save(await this.api.read(place.sessionId, place.entryId, progress, controller.signal));
      become({ step: 'done' });
    } catch (error) {
      become(controller.signal.aborted ? IDLE : { step: 'failed', problem: asProblem(error).message });
    } finally {
      this.running.delete(key);
    }
  }

  cancel(place: OutputPlace): void {
    this.running.get(keyOf(place))?.abort();
  }
}

function keyOf({ sessionId, entryId }: OutputPlace): string {
  return `${sessionId}/${entryId}`;
}

function save({ name, content }: OutputFile): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), FORGET_AFTER_MS);
}
