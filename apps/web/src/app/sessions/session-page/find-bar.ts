import { Component, type ElementRef, afterNextRender, computed, input, output, signal, viewChild } from '@angular/core';
import { LucideArrowDown, LucideArrowUp, LucideX } from '@lucide/angular';
import { IconButton } from '../../ui/icon-button';
import type { Row } from './conversation/row';
import { searchableText } from './transcript/row-text';

/** Searches what is loaded. Enter goes to the previous match, since a conversation is read from its end. */
@Component({
  selector: 'pz-find-bar',
  imports: [IconButton, LucideArrowDown, LucideArrowUp, LucideX],
  host: { role: 'search' },
  template: `
    <input
      #field
      type="search"
      aria-label="Find in this conversation"
      placeholder="Find in what is loaded"
      [value]="query()"
      (input)="search(field.value)"
      (keydown.enter)="step(-1)"
      (keydown.shift.enter)="step(1)"
      (keydown.escape)="$event.stopPropagation(); closed.emit()"
    />
    <span class="faint" aria-live="polite">{{ words() }}</span>
    <button pzIconButton type="button" label="Previous match" (click)="step(-1)"><svg lucideArrowUp></svg></button>
    <button pzIconButton type="button" label="Next match" (click)="step(1)"><svg lucideArrowDown></svg></button>
    <button pzIconButton type="button" label="Close" (click)="closed.emit()"><svg lucideX></svg></button>
  `,
  styles: `
    :host {
      display: flex;
      align-items: center;
      gap: 4px;
      padding: 4px 6px 4px 12px;
      border: 1px solid var(--field);
      border-radius: var(--radius);
      background: var(--surface);
      box-shadow: var(--shadow);
    }
    :host(:focus-within) {
      border-color: color-mix(in srgb, var(--accent) 70%, var(--field));
    }
    input {
      flex: 1;
      width: 220px;
      min-width: 0;
      border: 0;
      outline: 0;
      background: none;
    }
    span {
      min-width: 56px;
      text-align: right;
      font-size: 0.71875rem;
    }
  `,
})
export class FindBar {
  readonly rows = input.required<readonly Row[]>();
  readonly found = output<string>();
  readonly closed = output();
  private readonly field = viewChild.required<ElementRef<HTMLInputElement>>('field');
  protected readonly query = signal('');
  private readonly position = signal(0);
  private readonly matches = computed(() => {
    const query = this.query().trim().toLowerCase();
    if (query === '') return [];
    return this.rows().filter((row) => searchableText(row).toLowerCase().includes(query));
  });
  protected readonly words = computed(() => {
    if (this.query().trim() === '') return '';
    const { length } = this.matches();
    return length === 0 ? 'none' : `${Math.min(this.position() + 1, length)} of ${length}`;
  });

  constructor() {
    afterNextRender(() => this.field().nativeElement.focus());
  }

  protected search(query: string): void {
    this.query.set(query);
    this.show(this.matches().length - 1);
  }

  protected step(by: -1 | 1): void {
    const { length } = this.matches();
    if (length > 0) this.show((this.position() + by + length) % length);
  }

  private show(position: number): void {
    this.position.set(Math.max(0, position));
    const match = this.matches()[position];
    if (match !== undefined) this.found.emit(match.key);
  }
}
