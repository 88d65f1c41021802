import {
  Component,
  type ElementRef,
  computed,
  effect,
  input,
  linkedSignal,
  model,
  untracked,
  viewChild,
} from '@angular/core';
import type { AvailableTrigger } from '@pizzapi/protocol';
import { FormRow } from '../../ui/form-row';
import { TextInput } from '../../ui/text-input';
import { PayloadSchema } from './payload-schema';

const OTHER = '\u0000other';

/** A trigger's type: one that a service declares, with what its payload looks like, or another one by its name. */
@Component({
  selector: 'pz-trigger-type-field',
  imports: [FormRow, PayloadSchema, TextInput],
  template: `
    @if (types().length > 0) {
      <pz-form-row label="Trigger" [error]="isNamed() ? undefined : error()" [class.compact]="isNamed() || !error()">
        <select #picked pzInput autofocus (change)="pick(picked.value)">
          <option value="" disabled [selected]="!isNamed() && type() === ''">Choose one…</option>
          @for (each of types(); track each.type) {
            <option [value]="each.type" [selected]="!isNamed() && each.type === type()">
              {{ each.label }} · {{ each.type }}{{ lackOf(each) }}
            </option>
          }
          <option [value]="other" [selected]="isNamed()">Other type…</option>
        </select>
      </pz-form-row>
    }
    @if (isNamed()) {
      <pz-form-row label="Trigger type" [error]="error()" [hint]="hint()">
        <input
          #named
          pzInput
          class="mono"
          autocomplete="off"
          spellcheck="false"
          placeholder="my-service:file_changed"
          [value]="type()"
          (input)="type.set(named.value.trim())"
        />
      </pz-form-row>
    }
    @if (chosen(); as it) {
      @if (it.disabledReason) {
        <p class="bad">It is disabled: {{ it.disabledReason }}. Mend it in the service’s manifest.</p>
      }
      @if (it.description) {
        <p class="muted">{{ it.description }}</p>
      }
      <pz-payload-schema [schema]="it.schema" />
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: 8px;
    }
    p {
      overflow-wrap: anywhere;
    }
    .bad {
      color: var(--bad);
    }
  `,
})
export class TriggerTypeField {
  readonly types = input.required<readonly AvailableTrigger[]>();
  readonly error = input<string>();
  readonly type = model.required<string>();
  protected readonly other = OTHER;
  private readonly picked = viewChild<ElementRef<HTMLSelectElement>>('picked');
  /** Typed by hand, because nothing is declared or something else is wanted. */
  protected readonly isNamed = linkedSignal<readonly AvailableTrigger[], boolean>({
    source: this.types,
    computation: (types, before) => {
      if (types.length === 0) return true;
      // Somebody who types stays in the text field, even when the text matches a declared type.
      if (before && before.source.length > 0) return before.value;
      const named = untracked(this.type);
      return named !== '' && !types.some(({ type }) => type === named);
    },
  });
  protected readonly hint = computed(() =>
    this.types().length > 0
      ? 'As declared by a service, or one of the relay’s own: time:…, webhook:…, session:…'
      : 'No service of this runner declares one yet: see Services on its page. The relay’s own: time:…, webhook:…, session:…',
  );
  protected readonly chosen = computed(() =>
    this.isNamed() ? undefined : this.types().find(({ type }) => type === this.type()),
  );

  constructor() {
    effect(() => {
      const select = this.picked()?.nativeElement;
      // Types may be known, or declared, later than the form opens: not from somebody who fills in another field.
      if (select && !document.activeElement?.matches('input, select, textarea')) select.focus();
    });
  }

  protected lackOf({ available, disabledReason }: AvailableTrigger): string {
    if (disabledReason) return ' (disabled)';
    return available ? '' : ' (its service is away)';
  }

  protected pick(value: string): void {
    this.isNamed.set(value === OTHER);
    if (value !== OTHER) this.type.set(value);
  }
}
