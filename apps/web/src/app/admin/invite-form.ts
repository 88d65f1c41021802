import { Component, inject, output, signal } from '@angular/core';
import { FormField, FormRoot, form } from '@angular/forms/signals';
import { emailRule } from '../account/account-rules';
import { fieldError } from '../account/field-error';
import { type SubmitAnswer, submitTo } from '../account/form-problems';
import type { ApiProblem } from '../core/api/api-problem';
import { type InvitableRole, MembersApi, type NewInvitation } from '../core/api/members-api';
import { FocusFirst } from '../ui/focus-first';
import { FormRow } from '../ui/form-row';
import { InlineForm } from '../ui/inline-form';
import { TextInput } from '../ui/text-input';

/** For whom an invitation is, and what they may do. */
@Component({
  selector: 'pz-invite-form',
  imports: [FocusFirst, FormField, FormRoot, FormRow, InlineForm, TextInput],
  template: `
    <form
      pzInlineForm
      aria-label="New invitation"
      submitLabel="Create link"
      failure="No invitation was made"
      [formRoot]="fields"
      [cause]="problem()?.message"
      [isBusy]="fields().submitting()"
      (cancelled)="cancelled.emit()"
    >
      <pz-form-row
        label="Email"
        [optional]="true"
        [error]="error(fields.email)"
        hint="If given, only this address can use the link"
      >
        <input pzInput type="email" pzFocusFirst autocomplete="off" [formField]="fields.email" />
      </pz-form-row>
      <pz-form-row label="Role">
        <select pzInput [formField]="fields.role">
          <option value="member">member</option>
          <option value="admin">admin</option>
        </select>
      </pz-form-row>
    </form>
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
    (path) => emailRule(path.email),
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
