import { Component, computed, input } from '@angular/core';
import { schemaFields } from './schema-fields';

/** What a payload looks like, folded: a line for each field. */
@Component({
  selector: 'pz-payload-schema',
  template: `
    @if (fields().length > 0) {
      <details>
        <summary>What its payload holds: {{ names() }}</summary>
        <dl>
          @for (field of fields(); track field.path) {
            <dt>
              <code>{{ field.path }}</code>
            </dt>
            <dd>
              <span class="faint">{{ field.type }}{{ field.isRequired ? ', always' : '' }}</span>
              {{ field.description }}
            </dd>
          }
        </dl>
      </details>
    } @else if (schema()) {
      <p class="faint">Its payload has a schema without named fields.</p>
    }
  `,
  styles: `
    summary {
      color: var(--muted);
      cursor: pointer;
      overflow-wrap: anywhere;
    }
    dl {
      display: grid;
      grid-template-columns: minmax(5rem, auto) minmax(0, 1fr);
      gap: 2px 14px;
      max-height: 180px;
      margin-top: 6px;
      padding: 8px 12px;
      overflow: auto;
      border: 1px solid var(--border-soft);
      border-radius: 6px;
      background: var(--bg);
    }
    dd,
    dt {
      overflow-wrap: anywhere;
    }
  `,
})
export class PayloadSchema {
  readonly schema = input.required<unknown>();
  protected readonly fields = computed(() => schemaFields(this.schema()));
  protected readonly names = computed(() => {
    const top = this.fields().filter(({ path }) => !path.includes('.'));
    const shown = top.slice(0, 5).map(({ path }) => path);
    return shown.join(', ') + (top.length > shown.length ? ', …' : '');
  });
}
