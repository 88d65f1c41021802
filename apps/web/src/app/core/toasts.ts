import { Service, signal } from '@angular/core';

export interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'bad';
  actionLabel?: string;
}

interface ToastOptions {
  tone?: Toast['tone'];
  action?: { label: string; run: () => void };
  /** Runs when the time is up or the toast is dismissed, not after the action. */
  expired?: () => void;
  durationMs?: number;
}

const MAX_SHOWN = 4;
const DEFAULT_MS = 6000;
/** How long a destructive act can be undone. */
const UNDO_MS = 8000;

/** Short messages at the edge of the screen, some with a way back. */
@Service()
export class Toasts {
  private readonly list = signal<readonly Toast[]>([]);
  private readonly options = new Map<number, ToastOptions & { timer: ReturnType<typeof setTimeout> }>();
  private nextId = 1;
  readonly toasts = this.list.asReadonly();

  constructor() {
    // Leaving the page is not an undo.
    addEventListener('pagehide', () => this.list().forEach(({ id }) => this.dismiss(id)));
  }

  show(text: string, options: ToastOptions = {}): void {
    const id = this.nextId++;
    const timer = setTimeout(() => this.dismiss(id), options.durationMs ?? DEFAULT_MS);
    this.options.set(id, { ...options, timer });
    const label = options.action?.label;
    const toast: Toast = { id, text, tone: options.tone ?? 'plain', ...(label ? { actionLabel: label } : {}) };
    const surplus = this.list().slice(0, -MAX_SHOWN + 1);
    for (const old of surplus) this.dismiss(old.id);
    this.list.update((toasts) => [...toasts, toast]);
  }

  fail(text: string): void {
    this.show(text, { tone: 'bad', durationMs: 10_000 });
  }

  /** Runs the action after 8 s unless the person undoes it; nothing is sent before. */
  undoable(text: string, act: () => void, undo: () => void): void {
    this.show(text, { durationMs: UNDO_MS, expired: act, action: { label: 'Undo', run: undo } });
  }

  act(id: number): void {
    const action = this.options.get(id)?.action;
    this.remove(id);
    action?.run();
  }

  dismiss(id: number): void {
    const expired = this.options.get(id)?.expired;
    this.remove(id);
    expired?.();
  }

  private remove(id: number): void {
    clearTimeout(this.options.get(id)?.timer);
    this.options.delete(id);
    this.list.update((toasts) => toasts.filter((toast) => toast.id !== id));
  }
}
