import {
  Component,
  Directive,
  ElementRef,
  contentChildren,
  inject,
  input,
  output,
  signal,
  viewChild,
} from '@angular/core';

let nextId = 1;

/** One choice of a {@link Menu}. */
@Directive({
  selector: 'button[pzMenuItem]',
  host: {
    role: 'menuitem',
    type: 'button',
    tabindex: '-1',
    class: 'pz-menu-item',
    '[class.danger]': 'isDanger()',
    '(click)': 'chosen.emit()',
  },
})
export class MenuItem {
  readonly isDanger = input(false);
  readonly chosen = output();
  readonly element = inject<ElementRef<HTMLButtonElement>>(ElementRef).nativeElement;
}

/** A button (slot `trigger`, inside `[pzMenuTrigger]`) and the list it opens, on the browser's popover: top layer, light dismiss, Escape. */
@Component({
  selector: 'pz-menu',
  exportAs: 'pzMenu',
  host: { '(click)': 'onClick($event)', '(keydown)': 'onKey($event)' },
  template: `
    <span #anchor class="anchor"><ng-content select="[pzMenuTrigger]" /></span>
    <div #popup popover="auto" role="menu" [id]="id" [attr.aria-label]="label()" (toggle)="onToggle($event)">
      <ng-content />
    </div>
  `,
  styles: `
    .anchor {
      display: inline-flex;
    }
    [popover] {
      position: fixed;
      inset: auto;
      margin: 0;
      min-width: 176px;
      max-width: min(320px, calc(100vw - 16px));
      max-height: min(420px, calc(100vh - 16px));
      overflow-y: auto;
      padding: 4px;
      border: 1px solid var(--border);
      border-radius: var(--radius);
      background: var(--surface);
      color: var(--text);
      box-shadow: var(--shadow);
    }
    [popover]:popover-open {
      animation: enter var(--fast) var(--ease);
    }
    @keyframes enter {
      from {
        opacity: 0;
        transform: translateY(-3px);
      }
    }
  `,
})
export class Menu {
  readonly label = input.required<string>();
  readonly align = input<'start' | 'end'>('end');
  readonly id = `menu-${nextId++}`;
  private readonly items = contentChildren(MenuItem, { descendants: true });
  private readonly anchor = viewChild.required<ElementRef<HTMLElement>>('anchor');
  private readonly popup = viewChild.required<ElementRef<HTMLElement>>('popup');
  private readonly openState = signal(false);
  readonly isOpen = this.openState.asReadonly();

  open(): void {
    if (this.isOpen()) return;
    const popup = this.popup().nativeElement;
    popup.showPopover();
    this.place(popup);
    this.items()[0]?.element.focus();
  }

  close(): void {
    if (this.isOpen()) this.popup().nativeElement.hidePopover();
  }

  /** On the trigger: open or close. On an item: it has done its work. */
  protected onClick(event: Event): void {
    const isTrigger = event.target instanceof Node && this.anchor().nativeElement.contains(event.target);
    if (isTrigger && !this.isOpen()) this.open();
    else this.close();
  }

  protected onToggle(event: Event): void {
    const isOpen = event instanceof ToggleEvent && event.newState === 'open';
    this.openState.set(isOpen);
    const trigger = this.trigger();
    trigger?.setAttribute('aria-expanded', String(isOpen));
    if (!isOpen && this.popup().nativeElement.contains(document.activeElement)) trigger?.focus();
  }

  protected onKey(event: KeyboardEvent): void {
    if (!this.isOpen()) {
      if (event.key !== 'ArrowDown') return;
      event.preventDefault();
      this.open();
      return;
    }
    const items = this.items().map((item) => item.element);
    const index = items.findIndex((item) => item === document.activeElement);
    const next = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: items.length - 1 }[event.key];
    if (next === undefined) {
      if (event.key === 'Tab') this.close();
      return;
    }
    event.preventDefault();
    items[(next + items.length) % items.length]?.focus();
  }

  private trigger(): HTMLElement | null {
    return this.anchor().nativeElement.querySelector('button');
  }

  /** Below the button, or above it where there is more room; never outside the window. */
  private place(popup: HTMLElement): void {
    const anchor = this.anchor().nativeElement.getBoundingClientRect();
    const { width, height } = popup.getBoundingClientRect();
    const left = this.align() === 'end' ? anchor.right - width : anchor.left;
    const isRoomBelow = anchor.bottom + 4 + height <= innerHeight - 8 || anchor.top < innerHeight / 2;
    const top = isRoomBelow ? anchor.bottom + 4 : anchor.top - 4 - height;
    popup.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
    popup.style.top = `${Math.max(8, top)}px`;
  }
}
