import { Component, input, output, signal } from '@angular/core';
import { LucideFile, LucideFolderOpen, LucideRotateCw, LucideX } from '@lucide/angular';
import { IconButton } from '../../ui/icon-button';
import type { AttachedFile } from './attached-files';
import { sizeText } from './file-words';

/** The files of the message that is being written: how far each is, and what is wrong with it. */
@Component({
  selector: 'pz-file-chips',
  imports: [IconButton, LucideFile, LucideFolderOpen, LucideRotateCw, LucideX],
  template: `
    <ul aria-label="Attached files">
      @for (file of files(); track file.key) {
        <li [class.failed]="file.problem !== null">
          @if (file.preview !== null && !unseen().has(file.preview)) {
            <img [src]="file.preview" alt="" (error)="cannotShow(file.preview)" />
          } @else {
            <span class="icon"><svg lucideFile size="1rem"></svg></span>
          }
          <span class="about">
            <span class="ell name" [title]="file.name">{{ file.name }}</span>
            @if (file.problem; as problem) {
              <span class="problem">{{ problem }}</span>
            } @else if (file.attachment === null) {
              <progress [value]="file.progress" max="1" [attr.aria-label]="'Uploading ' + file.name"></progress>
            } @else {
              <span class="size">{{ size(file) }}</span>
            }
          </span>
          @if (file.problem !== null && file.remedy === 'upload') {
            <button
              pzIconButton
              type="button"
              hint="Try again"
              [label]="'Upload ' + file.name + ' again'"
              (click)="retried.emit(file.key)"
            >
              <svg lucideRotateCw size="0.8125rem"></svg>
            </button>
          } @else if (file.problem !== null) {
            <input #chooser type="file" hidden (change)="choose(file, chooser)" />
            <button
              pzIconButton
              type="button"
              hint="Choose it again"
              [label]="'Choose ' + file.name + ' again'"
              (click)="chooser.click()"
            >
              <svg lucideFolderOpen size="0.8125rem"></svg>
            </button>
          }
          <button
            pzIconButton
            type="button"
            hint="Remove"
            [label]="'Remove ' + file.name"
            (click)="removed.emit(file.key)"
          >
            <svg lucideX size="0.875rem"></svg>
          </button>
        </li>
      }
    </ul>
  `,
  styles: `
    ul {
      display: flex;
      flex-wrap: wrap;
      gap: 6px;
      max-height: 30vh;
      margin-bottom: 10px;
      overflow-y: auto;
    }
    li {
      display: flex;
      align-items: center;
      gap: 8px;
      min-width: 0;
      max-width: min(260px, 100%);
      height: 44px;
      padding: 4px 4px 4px 5px;
      border: 1px solid var(--border);
      border-radius: 8px;
      background: var(--bg);
    }
    li.failed {
      max-width: 100%;
      height: auto;
      min-height: 44px;
      border-color: color-mix(in srgb, var(--bad) 45%, var(--border));
    }
    img,
    .icon {
      display: grid;
      place-items: center;
      flex: none;
      width: 2.125rem;
      height: 2.125rem;
      border-radius: 5px;
      object-fit: cover;
      background: var(--hover);
      color: var(--muted);
    }
    .about {
      display: grid;
      min-width: 84px;
      line-height: 1rem;
      font-size: 0.75rem;
    }
    .size {
      color: var(--faint);
      font-size: 0.6875rem;
    }
    .problem {
      color: var(--bad);
      font-size: 0.71875rem;
    }
    progress {
      appearance: none;
      width: 100%;
      height: 4px;
      margin: 6px 0;
      border: 0;
      border-radius: 2px;
      background: var(--border);
      overflow: hidden;
    }
    progress::-webkit-progress-bar {
      background: var(--border);
    }
    progress::-webkit-progress-value {
      background: var(--accent);
      transition: width var(--fast) linear;
    }
    progress::-moz-progress-bar {
      background: var(--accent);
    }
    button {
      width: 1.5rem;
      height: 1.5rem;
    }
    @media (pointer: coarse) {
      button {
        width: 36px;
        height: 36px;
      }
    }
  `,
})
export class FileChips {
  readonly files = input.required<readonly AttachedFile[]>();
  readonly removed = output<string>();
  readonly retried = output<string>();
  /** A replacement for a file that is gone. */
  readonly replaced = output<{ key: string; file: File }>();

  /** Previews that failed: the file is no image despite its type, or of a kind that this browser cannot show. */
  protected readonly unseen = signal<ReadonlySet<string>>(new Set());

  protected cannotShow(preview: string): void {
    this.unseen.update((known) => new Set([...known, preview]));
  }

  protected choose({ key }: AttachedFile, { files }: HTMLInputElement): void {
    const file = files?.item(0);
    if (file) this.replaced.emit({ key, file });
  }

  protected size({ size }: AttachedFile): string {
    return sizeText(size);
  }
}
