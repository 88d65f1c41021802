import { Component, computed, input } from '@angular/core';
import { readProviderError } from '../conversation/provider-error';
import type { EndingRow as Row } from '../conversation/row';
import type { AssistantItem } from '../conversation/transcript-item';
import { NoticeRow } from './notice-row';

const ENDINGS: Record<AssistantItem['outcome'], string> = {
  done: '',
  aborted: 'Aborted',
  length: 'Cut off: the answer reached the model’s limit',
  error: 'The model’s provider reported an error',
};

/** How a message ended that did not end well. */
@Component({
  selector: 'pz-ending-row',
  imports: [NoticeRow],
  template: `
    <pz-notice-row
      [key]="row().key"
      [tone]="isError() ? 'bad' : 'quiet'"
      [heading]="heading()"
      [words]="error().sentence"
      [detail]="error().raw"
    />
  `,
})
export class EndingRow {
  readonly row = input.required<Row>();
  protected readonly isError = computed(() => this.row().item.outcome === 'error');
  protected readonly heading = computed(() => {
    const { item, times } = this.row();
    return times > 1 ? `${ENDINGS[item.outcome]} ${times} times` : ENDINGS[item.outcome];
  });
  protected readonly error = computed(() =>
    readProviderError(this.isError() ? (this.row().item.errorMessage ?? '') : ''),
  );
}
