import { Component, computed, input, output } from '@angular/core';
import { LucideDownload, LucideFile } from '@lucide/angular';
import type { Attachment } from '@pizzapi/protocol';
import { attachmentUrl, thumbnailUrl } from '../../../core/api/attachments-api';
import { sizeText } from '../../attaching/file-words';

/** The files of a message: images to enlarge, others to save. */
@Component({
  selector: 'pz-attachment-list',
  imports: [LucideDownload, LucideFile],
  template: `
    @if (images().length > 0) {
      <div class="images">
        @for (image of images(); track image.attachmentId) {
          <button
            type="button"
            [attr.aria-label]="'Enlarge ' + image.name"
            [title]="image.name + ', ' + size(image)"
            (click)="imageOpened.emit(url(image))"
          >
            <img [src]="small(image)" [alt]="image.name" loading="lazy" />
          </button>
        }
      </div>
    }
    @if (others().length > 0) {
      <div class="files">
        @for (file of others(); track file.attachmentId) {
          <a [href]="url(file)" [download]="file.name" [title]="'Save ' + file.name">
            <svg lucideFile size="0.875rem"></svg>
            <span class="ell">{{ file.name }}</span>
            <span class="size">{{ size(file) }}</span>
            <svg lucideDownload size="0.8125rem"></svg>
          </a>
        }
      </div>
    }
  `,
  styles: `
    .images,
    .files {
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
      margin-top: 8px;
    }
    button {
      padding: 0;
      border: 1px solid var(--border);
      border-radius: var(--radius);
      background: var(--surface);
      overflow: hidden;
      cursor: zoom-in;
    }
    button:hover {
      border-color: var(--muted);
    }
    img {
      display: block;
      width: 160px;
      height: 112px;
      object-fit: cover;
      color: var(--faint);
      font-size: 0.71875rem;
    }
    a {
      display: inline-flex;
      align-items: center;
      gap: 8px;
      min-width: 0;
      max-width: min(320px, 100%);
      padding: 5px 10px;
      border: 1px solid var(--border);
      border-radius: var(--radius);
      background: var(--surface);
      color: var(--text);
      font-size: 0.78125rem;
    }
    a:hover {
      border-color: var(--muted);
      text-decoration: none;
    }
    svg,
    .size {
      flex: none;
      color: var(--faint);
      white-space: nowrap;
    }
    @media (pointer: coarse) {
      a {
        padding-block: 9px;
      }
    }
  `,
})
export class AttachmentList {
  readonly attachments = input.required<readonly Attachment[]>();
  /** Its address. */
  readonly imageOpened = output<string>();

  protected readonly images = computed(() => this.attachments().filter(({ isImage }) => isImage));
  protected readonly others = computed(() => this.attachments().filter(({ isImage }) => !isImage));

  protected url(attachment: Attachment): string {
    return attachmentUrl(attachment);
  }
  protected small(attachment: Attachment): string {
    return thumbnailUrl(attachment);
  }
  protected size({ size }: Attachment): string {
    return sizeText(size);
  }
}
