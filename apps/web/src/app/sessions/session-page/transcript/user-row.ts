import { Component, computed, inject, input, output } from '@angular/core';
import { RouterLink } from '@angular/router';
import { LucidePencil, LucideSplit } from '@lucide/angular';
import { exactTime } from '../../../ui/time-text';
import { SessionForks } from '../../session-forks';
import { BranchSwitch } from '../branches/branch-switch';
import { SessionBranches } from '../branches/session-branches';
import type { UserItem } from '../conversation/transcript-item';
import { dayAndTime } from './entry-time';
import { AttachmentList } from './attachment-list';
import { imageUrl } from './image-url';

/** What a person wrote, with who and when. */
@Component({
  selector: 'pz-user-row',
  imports: [AttachmentList, BranchSwitch, LucidePencil, LucideSplit, RouterLink],
  template: `
    <div class="who">
      @if (item().fromSessionId; as parent) {
        Parent session <a [routerLink]="['/s', parent]">{{ item().authorName ?? 'without a name' }}</a>
      } @else {
        {{ item().authorName ?? 'You' }}
      }
      · <time [attr.datetime]="item().ts" [title]="exact()">{{ time() }}</time>
      @if (place(); as it) {
        <pz-branch-switch [place]="it" />
      }
      @if (item().fromSessionId === null) {
        <span class="acts">
          @if (branches?.isChangeable()) {
            <button type="button" class="edit" (click)="edited.emit(item())">
              <svg lucidePencil size="0.75rem"></svg>Edit
            </button>
          }
          <button
            type="button"
            class="fork"
            title="Fork from before this message"
            aria-label="Fork from before this message"
            [disabled]="forks.isUnderWay()"
            (click)="forked.emit(item())"
          >
            <svg lucideSplit size="0.75rem"></svg>Fork
          </button>
        </span>
      }
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
    .acts {
      display: inline-flex;
      margin-left: 6px;
      vertical-align: middle;
    }
    .acts button {
      display: inline-flex;
      align-items: center;
      gap: 4px;
      padding: 1px 5px;
      border: 0;
      border-radius: 5px;
      background: none;
      color: var(--muted);
      opacity: 0;
    }
    :host(:hover) .acts button,
    .acts button:focus-visible {
      opacity: 1;
    }
    .acts button:disabled {
      color: var(--faint);
    }
    .acts button:enabled:hover {
      background: var(--hover);
      color: var(--text);
    }
    @media (pointer: coarse) {
      .acts button {
        padding: 8px;
        opacity: 1;
      }
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
  /** Asks to edit the message. */
  readonly edited = output<UserItem>();
  /** Asks to fork the session before the message. */
  readonly forked = output<UserItem>();
  protected readonly forks = inject(SessionForks);
  protected readonly branches = inject(SessionBranches, { optional: true });
  protected readonly place = computed(() => this.branches?.placeOf(this.item().entryId) ?? null);
  protected readonly time = computed(() => dayAndTime(this.item().ts));
  protected readonly exact = computed(() => exactTime(this.item().ts));
  protected readonly pictures = computed(() => this.item().images.map(imageUrl));
}
