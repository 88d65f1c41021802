import { Component, input, model } from '@angular/core';
import { LucideX } from '@lucide/angular';
import { IconButton } from '../../ui/icon-button';
import { RowFieldset } from '../../ui/row-fieldset';
import type { CriteriaDraft, FilterRow, ParamRow } from './criteria-draft';
import type { SchemaField } from './schema-fields';

let nextId = 1;

/** Params and filters, row by row. */
@Component({
  selector: 'pz-criteria-editor',
  imports: [IconButton, LucideX, RowFieldset],
  templateUrl: './criteria-editor.html',
  styleUrl: './criteria-editor.css',
})
export class CriteriaEditor {
  readonly draft = model.required<CriteriaDraft>();
  /** The payload's fields, as far as its schema declares them. */
  readonly fields = input.required<readonly SchemaField[]>();
  protected readonly listId = `payload-fields-${nextId++}`;
  /** More than blanks. */
  protected readonly visible = String.raw`.*\S.*`;

  /** A row with only one half filled in would let everything through, or nothing. An empty row is just unfinished. */
  protected isMeant(name: string, text: string): boolean {
    return name.trim() !== '' || text.trim() !== '';
  }

  protected addFilter(): void {
    this.change({ filters: [...this.draft().filters, { field: '', op: 'eq', text: '' }] });
  }

  protected setFilter(index: number, change: Partial<FilterRow>): void {
    this.change({ filters: this.draft().filters.map((row, at) => (at === index ? { ...row, ...change } : row)) });
  }

  protected removeFilter(index: number): void {
    this.change({ filters: this.draft().filters.filter((_, at) => at !== index) });
  }

  protected setMode(mode: string): void {
    this.change({ mode: mode === 'or' ? 'or' : 'and' });
  }

  protected addParam(): void {
    this.change({ params: [...this.draft().params, { name: '', text: '' }] });
  }

  protected setParam(index: number, change: Partial<ParamRow>): void {
    this.change({ params: this.draft().params.map((row, at) => (at === index ? { ...row, ...change } : row)) });
  }

  protected removeParam(index: number): void {
    this.change({ params: this.draft().params.filter((_, at) => at !== index) });
  }

  private change(change: Partial<CriteriaDraft>): void {
    this.draft.update((draft) => ({ ...draft, ...change }));
  }
}
