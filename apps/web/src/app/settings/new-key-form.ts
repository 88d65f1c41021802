import { Component, inject, output, signal } from '@angular/core';
import { FormField, FormRoot, form, maxLength, required } from '@angular/forms/signals';
import { fieldError } from '../account/field-error';
import { type SubmitAnswer, submitTo } from '../account/form-problems';
import { ApiKeysApi, type NewApiKey } from '../core/api/api-keys-api';
import type { ApiProblem } from '../core/api/api-problem';
import { Button } from '../ui/button';
import { ErrorState } from '../ui/error-state';
import { FocusFirst } from '../ui/focus-first';
import { FormRow } from '../ui/form-row';
import { TextInput } from '../ui/text-input';

const DAY_MS = 86_400_000;

/** Name and expiry of a new key. */
@Component({
  selector: 'pz-new-key-form',
  imports: [Button, ErrorState, FocusFirst, FormField, FormRoot, FormRow, TextInput],
  template: `
    <form class="pz-card" [formRoot]="fields" aria-label="New key">
      @if (problem(); as cause) {
        <pz-error-state heading="No key was made" [cause]="cause.message" [canRetry]="false" />
      }
      <div class="fields">
        <pz-form-row
          label="Name"
          #nameRow="pzFormRow"
          [error]="error(fields.name)"
          hint="Where it will live, as “build-2”"
        >
          <input
            pzInput
            pzFocusFirst
            autocomplete="off"
            [id]="nameRow.controlId"
            [attr.aria-describedby]="nameRow.noteId"
            [attr.aria-invalid]="!!error(fields.name) || null"
            [formField]="fields.name"
          />
        </pz-form-row>
        <pz-form-row label="Expires" #expiryRow="pzFormRow">
          <select pzInput [id]="expiryRow.controlId" [formField]="fields.days">
            <option value="30">in 30 days</option>
            <option value="90">in 90 days</option>
            <option value="365">in a year</option>
            <option value="">never</option>
          </select>
        </pz-form-row>
      </div>
      <footer>
        <button pzButton type="button" (click)="cancelled.emit()">Cancel</button>
        <button pzButton variant="primary" type="submit" [isBusy]="fields().submitting()">Make the key</button>
      </footer>
    </form>
  `,
  styles: `
    form {
      display: grid;
      gap: 4px;
      padding: 16px;
    }
    .fields {
      display: grid;
      grid-template-columns: minmax(0, 1fr) 180px;
      gap: 14px;
    }
    footer {
      display: flex;
      justify-content: flex-end;
      gap: 8px;
    }
    @media (max-width: 759px) {
      .fields {
        grid-template-columns: minmax(0, 1fr);
        gap: 4px;
      }
    }
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
