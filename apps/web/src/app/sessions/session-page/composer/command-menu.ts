import { Component, ElementRef, effect, inject, input, output } from '@angular/core';
import type { SessionCommand } from '@pizzapi/protocol';
import { optionId } from './command-completion';

const KIND_WORDS: Record<SessionCommand['kind'], string> = { action: '', prompt: 'prompt', skill: 'skill' };

/** The commands that fit what is typed, above the field. */
@Component({
  selector: 'pz-command-menu',
  host: { role: 'listbox', 'aria-label': 'Commands', id: 'composer-commands' },
  template: `
    @for (command of matches(); track command.name; let at = $index) {
      <div
        role="option"
        class="option"
        [id]="optionId(at)"
        [class.active]="at === active()"
        [attr.aria-selected]="at === active()"
        (mousedown)="$event.preventDefault()"
        (mousemove)="pointed.emit(at)"
        (click)="chosen.emit(command)"
        (keydown.enter)="chosen.emit(command)"
        tabindex="-1"
      >
        <span class="name"
          >/{{ command.name }}
          @if (command.argumentHint) {
            <span class="hint">{{ command.argumentHint }}</span>
          }
        </span>
        <span class="what">{{ command.description }}</span>
        @if (kindWords[command.kind]; as kind) {
          <span class="kind">{{ kind }}</span>
        }
      </div>
    } @empty {
      <p class="none" role="option" aria-disabled="true" aria-selected="false">
        No such command: this is sent as text.
      </p>
    }
  `,
  styleUrl: './completion-menu.css',
})
export class CommandMenu {
  readonly matches = input.required<readonly SessionCommand[]>();
  /** The index of the one that Enter takes. */
  readonly active = input.required<number>();
  readonly pointed = output<number>();
  readonly chosen = output<SessionCommand>();
  protected readonly optionId = optionId;
  protected readonly kindWords = KIND_WORDS;
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;

  constructor() {
    effect(() => {
      this.host.querySelector(`#${optionId(this.active())}`)?.scrollIntoView({ block: 'nearest' });
    });
  }
}
