import { Component, computed, inject, linkedSignal, resource, signal } from '@angular/core';
import { FormField, form } from '@angular/forms/signals';
import { asProblem } from '../../core/api/api-problem';
import { TunnelPolicyApi } from '../../core/api/tunnel-policy-api';
import { Toasts } from '../../core/toasts';
import { Button } from '../../ui/button';
import { ErrorState } from '../../ui/error-state';
import { FormRow } from '../../ui/form-row';
import { RelativeTime } from '../../ui/relative-time';
import { Skeleton } from '../../ui/skeleton';
import { TextInput } from '../../ui/text-input';
import { type RoleName, ROLES, tunnelPolicyDraft, tunnelPolicyOf, tunnelPolicyProblems } from './tunnel-policy-draft';

/** Which roles of the organisation may open which ports of their runners. */
@Component({
  selector: 'pz-tunnel-policy-card',
  imports: [Button, ErrorState, FormField, FormRow, RelativeTime, Skeleton, TextInput],
  templateUrl: './tunnel-policy-card.html',
  styleUrl: './tunnel-policy-card.css',
})
export class TunnelPolicyCard {
  private readonly api = inject(TunnelPolicyApi);
  private readonly toasts = inject(Toasts);
  protected readonly stored = resource({ loader: () => this.api.read() });
  protected readonly view = computed(() => (this.stored.hasValue() ? this.stored.value() : null));
  protected readonly unread = computed(() => (this.stored.error() ? asProblem(this.stored.error()) : null));
  private readonly before = computed(() => tunnelPolicyDraft(this.view()?.policy ?? {}));
  protected readonly draft = linkedSignal(() => this.before());
  protected readonly fields = form(this.draft);
  protected readonly isChanged = computed(
    () => JSON.stringify(tunnelPolicyOf(this.draft())) !== JSON.stringify(tunnelPolicyOf(this.before())),
  );
  protected readonly roles = ROLES;
  protected readonly isBusy = signal(false);
  /** What was wrong with the last attempt; cleared by the next change. */
  protected readonly problems = linkedSignal<unknown, Partial<Record<RoleName | 'form', string>>>({
    source: () => this.draft(),
    computation: () => ({}),
  });

  protected discard(): void {
    this.draft.set(this.before());
  }

  protected async save(): Promise<void> {
    const found = tunnelPolicyProblems(this.draft());
    this.problems.set(found);
    if (this.isBusy() || Object.keys(found).length > 0) return;
    this.isBusy.set(true);
    try {
      this.stored.set(await this.api.replace(tunnelPolicyOf(this.draft())));
      this.toasts.show('Saved. Tunnels that are no longer allowed were closed.');
    } catch (error) {
      this.problems.set({ form: asProblem(error).message });
    } finally {
      this.isBusy.set(false);
    }
  }
}
