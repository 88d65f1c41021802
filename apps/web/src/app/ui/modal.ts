import {
  Component,
  DestroyRef,
  type ElementRef,
  afterRenderEffect,
  inject,
  input,
  output,
  viewChild,
} from '@angular/core';

/**
 * A modal dialog on the browser's own `<dialog>`: focus trap, Escape and inert background come with it. It exists while it
 * is open; the parent removes it on `closed`, and the focus goes back to where it was.
 */
@Component({
  selector: 'pz-modal',
  template: `
    <dialog
      #dialog
      [class]="size()"
      [attr.aria-label]="label()"
      (cancel)="$event.preventDefault(); closed.emit()"
      (pointerdown)="onPointer($event)"
    >
      <ng-content />
    </dialog>
  `,
  styles: `
    dialog {
      margin: 12vh auto auto;
      padding: 0;
      width: min(480px, calc(100vw - 24px));
      max-height: 80vh;
      border: 1px solid var(--border);
      border-radius: var(--radius-l);
      background: var(--surface);
      color: var(--text);
      box-shadow: var(--shadow);
      overflow: hidden;
    }
    dialog[open] {
      display: flex;
      flex-direction: column;
      animation: enter var(--slow) var(--ease);
    }
    dialog.wide {
      width: min(640px, calc(100vw - 24px));
      margin-top: 8vh;
    }
    dialog::backdrop {
      background: var(--scrim);
      animation: fade var(--slow) var(--ease);
    }
    @keyframes enter {
      from {
        opacity: 0;
        transform: translateY(6px) scale(0.99);
      }
    }
    @keyframes fade {
      from {
        opacity: 0;
      }
    }
    @media (max-width: 759px) {
      dialog,
      dialog.wide {
        margin: auto auto 0;
        width: 100vw;
        max-width: 100vw;
        max-height: calc(100dvh - 24px);
        border-radius: var(--radius-l) var(--radius-l) 0 0;
        border-inline: 0;
        border-bottom: 0;
        padding-bottom: env(safe-area-inset-bottom);
      }
      dialog.sheet {
        margin: 0;
        height: 100dvh;
        max-height: 100dvh;
        border: 0;
        border-radius: 0;
      }
      dialog.top {
        margin: 8px auto auto;
        width: calc(100vw - 16px);
        border-radius: var(--radius-l);
        border: 1px solid var(--border);
      }
    }
  `,
})
export class Modal {
  readonly label = input.required<string>();
  readonly size = input<'normal' | 'wide' | 'wide top' | 'sheet'>('normal');
  /** Escape, or a press beside the dialog. */
  readonly closed = output();
  private readonly dialog = viewChild.required<ElementRef<HTMLDialogElement>>('dialog');

  constructor() {
    // Closing a `<dialog>` restores the focus; removing one does not.
    const before = document.activeElement;
    inject(DestroyRef).onDestroy(() => {
      if (document.activeElement === document.body && before instanceof HTMLElement) before.focus();
    });
    afterRenderEffect({
      write: () => {
        const element = this.dialog().nativeElement;
        if (!element.open) element.showModal();
      },
    });
  }

  protected onPointer(event: PointerEvent): void {
    if (event.target === this.dialog().nativeElement) this.closed.emit();
  }
}
