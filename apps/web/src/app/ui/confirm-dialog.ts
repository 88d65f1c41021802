import { Component, computed, input, output, signal } from '@angular/core';
import { Button } from './button';
import { Modal } from './modal';
import { TextInput } from './text-input';

/** Asks before something that can't be undone; with `typed`, that word must be typed first. */
@Component({
  selector: 'pz-confirm-dialog',
  imports: [Button, Modal, TextInput],
  template: `
    <pz-modal [label]="heading()" (closed)="cancelled.emit()">
      <form (submit)="$event.preventDefault(); confirm()">
        <h2>{{ heading() }}</h2>
        <p class="muted">{{ text() }}</p>
        @if (typed(); as expected) {
          <label>
            <span
              >Type <b>{{ expected }}</b> to confirm</span
            >
            <input #word pzInput autocomplete="off" autofocus [value]="answer()" (input)="answer.set(word.value)" />
          </label>
        }
        <footer>
          <button pzButton type="button" [attr.autofocus]="typed() ? null : ''" (click)="cancelled.emit()">
            Cancel
          </button>
          <button pzButton variant="danger" type="submit" [disabled]="!isReady()" [isBusy]="isBusy()">
            {{ action() }}
          </button>
        </footer>
      </form>
    </pz-modal>
  `,
  styles: `
    form {
      display: grid;
      gap: 10px;
      padding: 18px 20px 16px;
    }
    h2 {
      font-size: 0.9375rem;
    }
    label {
      display: grid;
      gap: 6px;
      margin-top: 4px;
      overflow-wrap: anywhere;
    }
    footer {
      display: flex;
      justify-content: flex-end;
      gap: 8px;
      margin-top: 8px;
    }
  `,
})
export class ConfirmDialog {
  readonly heading = input.required<string>();
  readonly text = input.required<string>();
  readonly action = input.required<string>();
  readonly typed = input<string>();
  readonly isBusy = input(false);
  readonly confirmed = output();
  readonly cancelled = output();
  protected readonly answer = signal('');
  protected readonly isReady = computed(() => this.typed() === undefined || this.answer().trim() === this.typed());

  protected confirm(): void {
    if (this.isReady()) this.confirmed.emit();
  }
}
