import { Component, computed, inject, resource, signal } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { FormField, FormRoot, form, minLength, required } from '@angular/forms/signals';
import { ActivatedRoute, Router, RouterLink } from '@angular/router';
import { AccountApi } from '../core/api/account-api';
import { type ApiProblem, asProblem } from '../core/api/api-problem';
import { Auth } from '../core/auth/auth';
import { EmptyState } from '../ui/empty-state';
import { ErrorState } from '../ui/error-state';
import { FocusFirst } from '../ui/focus-first';
import { FormRow } from '../ui/form-row';
import { Skeleton } from '../ui/skeleton';
import { TextInput } from '../ui/text-input';
import { AccountForm } from './account-form';
import { AccountFrame } from './account-frame';
import { requiredEmailRules } from './account-rules';
import { fieldError } from './field-error';
import { type SubmitAnswer, submitTo } from './form-problems';

const MIN_PASSWORD = 8;

/** The first account, an invited one, or an open registration. The invitation rides in the fragment, which no server logs. */
@Component({
  selector: 'pz-register-page',
  imports: [
    AccountForm,
    AccountFrame,
    EmptyState,
    ErrorState,
    FocusFirst,
    FormField,
    FormRoot,
    FormRow,
    RouterLink,
    Skeleton,
    TextInput,
  ],
  templateUrl: './register-page.html',
  styleUrl: './account-page.css',
})
export class RegisterPage {
  private readonly auth = inject(Auth);
  private readonly router = inject(Router);
  private readonly api = inject(AccountApi);
  /** Opening a link in a tab that already shows this page changes only the fragment. */
  private readonly fragment = toSignal(inject(ActivatedRoute).fragment);
  private readonly invitation = computed(
    () => new URLSearchParams(this.fragment() ?? '').get('invitation') ?? undefined,
  );

  protected readonly setup = resource({ loader: () => this.api.setup() });
  protected readonly isFirst = computed(() => this.setup.hasValue() && !this.setup.value().hasAccounts);
  protected readonly isAllowed = computed(
    () =>
      this.isFirst() ||
      this.invitation() !== undefined ||
      (this.setup.hasValue() && this.setup.value().registration === 'open'),
  );
  protected readonly heading = computed(() => {
    if (this.isFirst()) return 'Set up PizzaPi';
    return this.invitation() ? 'Accept your invitation' : 'Create an account';
  });
  protected readonly lead = computed(() => {
    if (this.isFirst()) return 'This is the first account. It owns the organisation and invites the others.';
    return 'Watch and steer coding agents from anywhere.';
  });
  protected readonly needsCode = signal(false);
  protected readonly asksForCode = computed(
    () => this.needsCode() || (this.isFirst() && this.setup.hasValue() && this.setup.value().setupCodeRequired),
  );
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly setupProblem = computed(() => {
    const error = this.setup.error();
    return error ? asProblem(error) : null;
  });
  protected readonly error = fieldError;
  protected readonly minPassword = MIN_PASSWORD;

  protected readonly fields = form(
    signal({ name: '', email: '', password: '', setupCode: '' }),
    (path) => {
      requiredEmailRules(path.email);
      required(path.password, { message: `Choose a password of at least ${MIN_PASSWORD} characters` });
      minLength(path.password, MIN_PASSWORD, { message: `At least ${MIN_PASSWORD} characters` });
      required(path.setupCode, { message: 'Enter the code that the relay printed', when: () => this.asksForCode() });
    },
    { submission: { action: () => this.submit() } },
  );

  private submit(): SubmitAnswer {
    this.problem.set(null);
    const { name, email, password, setupCode } = this.fields;
    const invitation = this.invitation();
    return submitTo(
      async () => {
        await this.auth.register({
          ...(name().value().trim() ? { name: name().value().trim() } : {}),
          email: email().value().trim(),
          password: password().value(),
          ...(invitation ? { invitation } : {}),
          ...(setupCode().value().trim() ? { setupCode: setupCode().value().trim() } : {}),
        });
        await this.router.navigateByUrl('/');
      },
      { name, email, password, setupCode },
      (problem) => this.refused(problem),
    );
  }

  private refused(problem: ApiProblem): void {
    if (problem.is('setup_code_invalid')) this.needsCode.set(true);
    this.problem.set(problem);
  }
}
