import { Component, computed, input, output } from '@angular/core';
import { RouterLink } from '@angular/router';
import { exactTime } from '../../../ui/time-text';
import type { UserItem } from '../conversation/transcript-item';
import { dayAndTime } from './entry-time';
import { AttachmentList } from './attachment-list';
import { imageUrl } from './image-url';

/** What a person wrote, with who and when. */
@Component({
  selector: 'pz-user-row',
  imports: [AttachmentList, RouterLink],
  template: `
    <div class="who">
      @if (item().fromSessionId; as parent) {
        Parent session <a [routerLink]="['/s', parent]">{{ item().authorName ?? 'without a name' }}</a>
      } @else {
        {{ item().authorName ?? 'You' }}
      }
      · <time [attr.datetime]="item().ts" [title]="exact()">{{ time() }}</time>
    </div>
    @if (item().text !== '') {
      <div class="words">{{ item().text }}</div>
    }
    @if (item().attachments.length > 0) {
      <pz-attachment-list [attachments]="item().attachments" (imageOpened)="imageOpened.emit($event)" />
    }
    @for (image of pictures(); track $index) {
      <button type="button" class="thumb" aria-label="Open image" (click)="imageOpened.emit(image)">
        <img [src]="image" alt="" />
      </button>
    }
  `,
  styles: `
    :host {
      display: block;
      padding-left: 12px;
      border-left: 2px solid var(--border);
    }
    .who {
      color: var(--faint);
      font-size: 0.71875rem;
    }
    .who a {
      color: inherit;
      text-decoration: underline;
    }
    .words {
      max-width: 76ch;
      white-space: pre-wrap;
      overflow-wrap: anywhere;
      font-size: 0.875rem;
      line-height: 1.375rem;
    }
    .thumb {
      margin: 6px 6px 0 0;
      padding: 0;
      border: 1px solid var(--border);
      border-radius: var(--radius-s);
      background: none;
      overflow: hidden;
    }
    img {
      display: block;
      max-width: 220px;
      max-height: 140px;
    }
  `,
})
export class UserRow {
  readonly item = input.required<UserItem>();
  readonly imageOpened = output<string>();
  protected readonly time = computed(() => dayAndTime(this.item().ts));
  protected readonly exact = computed(() => exactTime(this.item().ts));
  protected readonly pictures = computed(() => this.item().images.map(imageUrl));
}
