import { Component, inject, input, resource, signal } from '@angular/core';
import { FormField, FormRoot, form, required } from '@angular/forms/signals';
import { Router, RouterLink } from '@angular/router';
import { AccountApi } from '../core/api/account-api';
import type { ApiProblem } from '../core/api/api-problem';
import { Auth } from '../core/auth/auth';
import { FocusFirst } from '../ui/focus-first';
import { FormRow } from '../ui/form-row';
import { TextInput } from '../ui/text-input';
import { AccountForm } from './account-form';
import { AccountFrame } from './account-frame';
import { requiredEmailRules } from './account-rules';
import { fieldError } from './field-error';
import { type SubmitAnswer, submitTo } from './form-problems';

/** Email and password. */
@Component({
  selector: 'pz-login-page',
  imports: [AccountForm, AccountFrame, FocusFirst, FormField, FormRoot, FormRow, RouterLink, TextInput],
  template: `
    <pz-account-frame heading="Sign in to PizzaPi" lead="Watch and steer your coding agents.">
      @if (ended()) {
        <p class="notice" role="status">You were signed out. Sign in again to continue where you were.</p>
      }
      <form
        pzAccountForm
        submitLabel="Sign in"
        failure="Not signed in"
        [formRoot]="fields"
        [cause]="problem()?.message"
        [isBusy]="fields().submitting()"
      >
        <pz-form-row label="Email" [error]="error(fields.email)">
          <input pzInput type="email" autocomplete="username" pzFocusFirst [formField]="fields.email" />
        </pz-form-row>
        <pz-form-row label="Password" [error]="error(fields.password)">
          <input pzInput type="password" autocomplete="current-password" [formField]="fields.password" />
        </pz-form-row>
      </form>
      @if (setup.hasValue() && setup.value().registration === 'open') {
        <p class="other">No account yet? <a routerLink="/register">Create one</a></p>
      } @else {
        <p class="other">New here? Ask an administrator for an invitation link.</p>
      }
    </pz-account-frame>
  `,
  styleUrl: './account-page.css',
})
export class LoginPage {
  /** Where to go afterwards; only a path of this console. */
  readonly next = input<string>();
  readonly ended = input<string>();
  private readonly auth = inject(Auth);
  private readonly router = inject(Router);
  private readonly api = inject(AccountApi);

  protected readonly setup = resource({ loader: () => this.api.setup() });
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly error = fieldError;
  protected readonly fields = form(
    signal({ email: '', password: '' }),
    (path) => {
      requiredEmailRules(path.email);
      required(path.password, { message: 'Enter your password' });
    },
    { submission: { action: () => this.submit() } },
  );

  private submit(): SubmitAnswer {
    this.problem.set(null);
    const { email, password } = this.fields;
    return submitTo(
      async () => {
        await this.auth.login({ email: email().value().trim(), password: password().value() });
        await this.router.navigateByUrl(localPath(this.next()));
      },
      { email, password },
      (problem) => this.problem.set(problem),
    );
  }
}

/** Never another site: a browser takes `//evil.example` for a host. */
function localPath(next: string | undefined): string {
  return next?.startsWith('/') && !next.startsWith('//') && !next.startsWith('/\\') ? next : '/';
}
