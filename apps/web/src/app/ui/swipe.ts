import { Directive, ElementRef, inject, output } from '@angular/core';

export type SwipeDirection = 'left' | 'right';

/** From this distance on a movement counts as a swipe or a scroll, and stays that. */
const DECIDED_PX = 12;
const FAR_ENOUGH_PX = 72;
/** A swipe goes sideways at least this many times as far as up or down. */
const FLATNESS = 2;
/** How much of the finger's movement the page follows: a hint, not the neighbouring page itself. */
const FOLLOW = 0.35;

/**
 * Reports a finger's swipe to the left or right. Scrolling takes precedence, also within wide code; each scroller inside
 * that scrolls vertically must set `touch-action: pan-y` itself, since the host's does not reach into it.
 */
@Directive({
  selector: '[pzSwipe]',
  host: {
    '[style.touch-action]': "'pan-y pinch-zoom'",
    '(pointerdown)': 'start($event)',
    '(pointermove)': 'move($event)',
    '(pointerup)': 'end($event)',
    '(pointercancel)': 'cancel()',
  },
})
export class Swipe {
  readonly swiped = output<SwipeDirection>();
  private readonly element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly stillness = matchMedia('(prefers-reduced-motion: reduce)');
  private from: { id: number; x: number; y: number } | null = null;
  private isSwiping = false;

  protected start(event: PointerEvent): void {
    const isFree = event.pointerType === 'touch' && event.isPrimary && !selects(event.target);
    this.from = isFree ? { id: event.pointerId, x: event.clientX, y: event.clientY } : null;
  }

  protected move(event: PointerEvent): void {
    if (this.from?.id !== event.pointerId) return;
    const dx = event.clientX - this.from.x;
    const dy = event.clientY - this.from.y;
    if (!this.isSwiping) {
      if (Math.hypot(dx, dy) < DECIDED_PX) return;
      if (Math.abs(dx) < FLATNESS * Math.abs(dy)) return this.cancel();
      this.isSwiping = true;
    }
    if (!this.stillness.matches) this.element.style.transform = `translateX(${dx * FOLLOW}px)`;
  }

  protected end(event: PointerEvent): void {
    const dx = this.from?.id === event.pointerId ? event.clientX - this.from.x : 0;
    const isFar = this.isSwiping && Math.abs(dx) >= FAR_ENOUGH_PX;
    this.cancel();
    if (isFar) this.swiped.emit(dx > 0 ? 'right' : 'left');
  }

  protected cancel(): void {
    this.from = null;
    if (this.isSwiping) this.element.style.transform = '';
    this.isSwiping = false;
  }
}

/** In a field, a sideways movement moves the caret. */
function selects(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, dialog') !== null;
}
