import { Component, inject, output, signal } from '@angular/core';
import { FormField, FormRoot, form, maxLength, required } from '@angular/forms/signals';
import { fieldError } from '../account/field-error';
import { type SubmitAnswer, submitTo } from '../account/form-problems';
import { ApiKeysApi, type NewApiKey } from '../core/api/api-keys-api';
import type { ApiProblem } from '../core/api/api-problem';
import { FocusFirst } from '../ui/focus-first';
import { FormRow } from '../ui/form-row';
import { InlineForm } from '../ui/inline-form';
import { TextInput } from '../ui/text-input';

const DAY_MS = 86_400_000;

/** Name and expiry of a new key. */
@Component({
  selector: 'pz-new-key-form',
  imports: [FocusFirst, FormField, FormRoot, FormRow, InlineForm, TextInput],
  template: `
    <form
      pzInlineForm
      aria-label="New key"
      submitLabel="Create key"
      failure="No key was created"
      [formRoot]="fields"
      [cause]="problem()?.message"
      [isBusy]="fields().submitting()"
      (cancelled)="cancelled.emit()"
    >
      <pz-form-row label="Name" [error]="error(fields.name)" hint="Where it will be used, such as “build-2”">
        <input pzInput pzFocusFirst autocomplete="off" [formField]="fields.name" />
      </pz-form-row>
      <pz-form-row label="Expires">
        <select pzInput [formField]="fields.days">
          <option value="30">in 30 days</option>
          <option value="90">in 90 days</option>
          <option value="365">in a year</option>
          <option value="">never</option>
        </select>
      </pz-form-row>
    </form>
  `,
})
export class NewKeyForm {
  readonly made = output<NewApiKey>();
  readonly cancelled = output();
  private readonly api = inject(ApiKeysApi);
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly error = fieldError;
  protected readonly fields = form(
    signal({ name: '', days: '90' }),
    (path) => {
      required(path.name, { message: 'Give the key a name' });
      maxLength(path.name, 120, { message: 'At most 120 characters' });
    },
    { submission: { action: () => this.submit() } },
  );

  private submit(): SubmitAnswer {
    this.problem.set(null);
    const { name, days } = this.fields;
    const expiresAt =
      days().value() === '' ? undefined : new Date(Date.now() + Number(days().value()) * DAY_MS).toISOString();
    return submitTo(
      async () =>
        this.made.emit(await this.api.create({ name: name().value().trim(), ...(expiresAt ? { expiresAt } : {}) })),
      { name, expiresAt: days },
      (problem) => this.problem.set(problem),
    );
  }
}
