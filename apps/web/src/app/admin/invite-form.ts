import { Component, inject, output, signal } from '@angular/core';
import { FormField, FormRoot, email, form } from '@angular/forms/signals';
import { fieldError } from '../account/field-error';
import { type SubmitAnswer, submitTo } from '../account/form-problems';
import type { ApiProblem } from '../core/api/api-problem';
import { type InvitableRole, MembersApi, type NewInvitation } from '../core/api/members-api';
import { Button } from '../ui/button';
import { ErrorState } from '../ui/error-state';
import { FocusFirst } from '../ui/focus-first';
import { FormRow } from '../ui/form-row';
import { TextInput } from '../ui/text-input';

/** For whom an invitation is, and what they may do. */
@Component({
  selector: 'pz-invite-form',
  imports: [Button, ErrorState, FocusFirst, FormField, FormRoot, FormRow, TextInput],
  template: `
    <form class="pz-card" [formRoot]="fields" aria-label="New invitation">
      @if (problem(); as cause) {
        <pz-error-state heading="No invitation was made" [cause]="cause.message" [canRetry]="false" />
      }
      <div class="fields">
        <pz-form-row
          label="Email"
          #emailRow="pzFormRow"
          [optional]="true"
          [error]="error(fields.email)"
          hint="Then only this address can use the link"
        >
          <input
            pzInput
            type="email"
            pzFocusFirst
            autocomplete="off"
            [id]="emailRow.controlId"
            [attr.aria-describedby]="emailRow.noteId"
            [attr.aria-invalid]="!!error(fields.email) || null"
            [formField]="fields.email"
          />
        </pz-form-row>
        <pz-form-row label="Role" #roleRow="pzFormRow">
          <select pzInput [id]="roleRow.controlId" [formField]="fields.role">
            <option value="member">member</option>
            <option value="reader">reader, looks only</option>
            <option value="admin">admin</option>
          </select>
        </pz-form-row>
      </div>
      <footer>
        <button pzButton type="button" (click)="cancelled.emit()">Cancel</button>
        <button pzButton variant="primary" type="submit" [isBusy]="fields().submitting()">Make the link</button>
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
export class InviteForm {
  readonly made = output<NewInvitation>();
  readonly cancelled = output();
  private readonly api = inject(MembersApi);
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly error = fieldError;
  protected readonly fields = form(
    signal<{ email: string; role: InvitableRole }>({ email: '', role: 'member' }),
    (path) => {
      email(path.email, { message: 'This is not an email address' });
    },
    { submission: { action: () => this.submit() } },
  );

  private submit(): SubmitAnswer {
    this.problem.set(null);
    const { email, role } = this.fields;
    const address = email().value().trim();
    return submitTo(
      async () =>
        this.made.emit(await this.api.invite({ role: role().value(), ...(address ? { email: address } : {}) })),
      { email, role },
      (problem) => this.problem.set(problem),
    );
  }
}
