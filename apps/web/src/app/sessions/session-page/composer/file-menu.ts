import { Component, ElementRef, effect, inject, input, output } from '@angular/core';
import { LucideFile, LucideFolder } from '@lucide/angular';
import type { FoundFile } from '@pizzapi/protocol';
import { fileOptionId } from './file-completion';

/** The files that fit what is typed, above the field. */
@Component({
  selector: 'pz-file-menu',
  imports: [LucideFile, LucideFolder],
  host: { role: 'listbox', 'aria-label': 'Files', id: 'composer-files', '[attr.aria-busy]': 'isLoading() || null' },
  template: `
    @for (file of matches() ?? []; track file.path; let at = $index) {
      <div
        role="option"
        class="option file"
        [id]="optionId(at)"
        [class.active]="at === active()"
        [attr.aria-selected]="at === active()"
        (mousedown)="$event.preventDefault()"
        (mousemove)="pointed.emit(at)"
        (click)="chosen.emit(file)"
        (keydown.enter)="chosen.emit(file)"
        tabindex="-1"
      >
        @if (file.isFolder) {
          <svg lucideFolder size="0.875rem"></svg>
        } @else {
          <svg lucideFile size="0.875rem"></svg>
        }
        <span class="name ell">{{ nameOf(file) }}</span>
        <span class="what"
          ><bdi>{{ placeOf(file) }}</bdi></span
        >
      </div>
    } @empty {
      <p class="none" role="option" aria-disabled="true" aria-selected="false">
        @if (problem(); as why) {
          Files can’t be listed: {{ why }}
        } @else if (matches() === null || isLoading()) {
          Looking for files…
        } @else {
          No files match: it is sent as text.
        }
      </p>
    }
    @if (isTruncated()) {
      <p class="none" role="option" aria-disabled="true" aria-selected="false">
        The folder has more files than were looked through.
      </p>
    }
  `,
  styleUrls: ['./completion-menu.css', './file-menu.css'],
})
export class FileMenu {
  /** Null: not known yet. */
  readonly matches = input.required<readonly FoundFile[] | null>();
  /** The index of the one that Enter takes. */
  readonly active = input.required<number>();
  readonly isLoading = input(false);
  readonly isTruncated = input(false);
  readonly problem = input<string | null>(null);
  readonly pointed = output<number>();
  readonly chosen = output<FoundFile>();
  protected readonly optionId = fileOptionId;
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;

  constructor() {
    effect(() => {
      this.host.querySelector(`#${fileOptionId(this.active())}`)?.scrollIntoView({ block: 'nearest' });
    });
  }

  protected nameOf({ path, isFolder }: FoundFile): string {
    return path.slice(path.lastIndexOf('/') + 1) + (isFolder ? '/' : '');
  }

  protected placeOf({ path }: FoundFile): string {
    return path.slice(0, Math.max(0, path.lastIndexOf('/')));
  }
}
