import { Component, input, output, signal } from '@angular/core';

const STEP = 24;

/** The lower edge of something whose height a person sets: by dragging, by the arrow keys, or back by a double click. */
@Component({
  selector: 'pz-panel-resizer',
  host: {
    role: 'separator',
    tabindex: '0',
    'aria-orientation': 'horizontal',
    '[attr.aria-label]': 'label()',
    '[attr.aria-valuenow]': 'height()',
    '[attr.aria-valuemin]': 'min()',
    '[attr.aria-valuemax]': 'max()',
    '[class.dragging]': 'from() !== null',
    '(pointerdown)': 'grab($event)',
    '(pointermove)': 'drag($event)',
    '(pointerup)': 'release()',
    '(pointercancel)': 'release()',
    '(keydown)': 'onKey($event)',
    '(dblclick)': 'resized.emit(usual())',
  },
  template: ``,
  styles: `
    :host {
      display: block;
      height: 12px;
      cursor: ns-resize;
      touch-action: none;
    }
    :host::before {
      content: '';
      display: block;
      width: 36px;
      height: 3px;
      margin: 4px auto 0;
      border-radius: 2px;
      background: var(--border);
    }
    :host(:hover)::before,
    :host(.dragging)::before {
      background: var(--border-strong);
    }
    @media (pointer: coarse) {
      :host {
        height: 20px;
      }
      :host::before {
        margin-top: 8px;
      }
    }
  `,
})
export class PanelResizer {
  readonly label = input.required<string>();
  readonly height = input.required<number>();
  readonly min = input.required<number>();
  readonly max = input.required<number>();
  /** Where a double click leads back to. */
  readonly usual = input.required<number>();
  readonly resized = output<number>();
  /** A frame beside it would otherwise swallow the pointer's moves. */
  readonly dragging = output<boolean>();
  protected readonly from = signal<{ y: number; height: number } | null>(null);

  protected grab(event: PointerEvent): void {
    if (event.button !== 0) return;
    event.preventDefault();
    if (event.currentTarget instanceof HTMLElement) {
      event.currentTarget.setPointerCapture(event.pointerId);
      event.currentTarget.focus();
    }
    this.from.set({ y: event.clientY, height: this.height() });
    this.dragging.emit(true);
  }

  protected drag(event: PointerEvent): void {
    const from = this.from();
    if (from !== null) this.resized.emit(from.height + event.clientY - from.y);
  }

  protected release(): void {
    if (this.from() === null) return;
    this.from.set(null);
    this.dragging.emit(false);
  }

  protected onKey(event: KeyboardEvent): void {
    const wanted = this.heightFor(event.key);
    if (wanted === null) return;
    event.preventDefault();
    this.resized.emit(wanted);
  }

  private heightFor(key: string): number | null {
    switch (key) {
      case 'ArrowDown':
        return this.height() + STEP;
      case 'ArrowUp':
        return this.height() - STEP;
      case 'Home':
        return this.min();
      case 'End':
        return this.max();
      case 'Enter':
        return this.usual();
      default:
        return null;
    }
  }
}
