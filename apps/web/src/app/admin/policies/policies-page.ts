import { Component, computed, inject, linkedSignal, resource, signal } from '@angular/core';
import { disabled, FormField, form } from '@angular/forms/signals';
import { AgentPolicyApi } from '../../core/api/agent-policy-api';
import { type ApiProblem, asProblem } from '../../core/api/api-problem';
import { Toasts } from '../../core/toasts';
import { Button } from '../../ui/button';
import { ErrorState } from '../../ui/error-state';
import { FormRow } from '../../ui/form-row';
import { RelativeTime } from '../../ui/relative-time';
import { Skeleton } from '../../ui/skeleton';
import { TextInput } from '../../ui/text-input';
import { draftProblems, policyDraft, policyOf, type RuleRow } from './policy-draft';
import { RulesEditor } from './rules-editor';
import { TunnelPolicyCard } from './tunnel-policy-card';

/** The lists of the sandbox; `nothing`: by which field one of what is allowed is said to be empty. */
const LISTS = [
  {
    name: 'allowedDomains',
    nothing: 'noDomains',
    nothingWords: 'allow no hosts',
    label: 'Allowed hosts',
    hint: 'One per line, such as *.example.org; used in mode “full”',
  },
  {
    name: 'denied',
    nothing: null,
    nothingWords: '',
    label: 'Blocked paths',
    hint: 'Never read or written, nor anything below them, whatever the other lists say',
  },
  {
    name: 'readable',
    nothing: 'noReadable',
    nothingWords: 'allow no secrets',
    label: 'Readable secrets',
    hint: 'Such as ~/.netrc; people can then allow only these',
  },
  {
    name: 'writable',
    nothing: 'noWritable',
    nothingWords: 'allow no other paths',
    label: 'Writable paths',
    hint: 'In addition to the working folder; people can then allow only these',
  },
] as const;

/** Of the relay's fields, which of the form's they are. */
const FIELDS: Record<string, string> = {
  'sandbox.allowedDomains': 'allowedDomains',
  'sandbox.denied': 'denied',
  'sandbox.readable': 'readable',
  'sandbox.writable': 'writable',
  'approvals.deadlineMs': 'deadline',
};

/** What holds for all agents of the organisation. */
@Component({
  selector: 'pz-policies-page',
  imports: [Button, ErrorState, FormField, FormRow, RelativeTime, RulesEditor, Skeleton, TextInput, TunnelPolicyCard],
  templateUrl: './policies-page.html',
  styleUrl: './policies-page.css',
})
export class PoliciesPage {
  private readonly api = inject(AgentPolicyApi);
  private readonly toasts = inject(Toasts);
  protected readonly stored = resource({ loader: () => this.api.read() });
  protected readonly view = computed(() => (this.stored.hasValue() ? this.stored.value() : null));
  protected readonly unread = computed(() => (this.stored.error() ? asProblem(this.stored.error()) : null));
  private readonly before = computed(() => policyDraft(this.view()?.policy ?? {}));
  protected readonly draft = linkedSignal(() => this.before());
  protected readonly row = form(this.draft, (path) => {
    disabled(path.allowedDomains, (field) => field.valueOf(path.noDomains));
    disabled(path.readable, (field) => field.valueOf(path.noReadable));
    disabled(path.writable, (field) => field.valueOf(path.noWritable));
  });
  protected readonly isChanged = computed(
    () => JSON.stringify(policyOf(this.draft())) !== JSON.stringify(policyOf(this.before())),
  );
  protected readonly lists = LISTS;
  protected readonly isBusy = signal(false);
  /** What was wrong with the last attempt; cleared by the next change. */
  protected readonly problems = linkedSignal<unknown, Record<string, string>>({
    source: () => this.draft(),
    computation: () => ({}),
  });

  protected setRules(rules: readonly RuleRow[]): void {
    this.draft.update((draft) => ({ ...draft, rules }));
  }

  protected discard(): void {
    this.draft.set(this.before());
  }

  protected async save(): Promise<void> {
    const found = draftProblems(this.draft());
    this.problems.set(found);
    if (this.isBusy() || Object.keys(found).length > 0) return;
    this.isBusy.set(true);
    try {
      this.stored.set(await this.api.replace(policyOf(this.draft()), this.view()?.updatedAt ?? null));
      this.toasts.show('The policy is saved. Running sessions follow it from their next tool call on.');
    } catch (error) {
      this.problems.set(refusal(asProblem(error)));
    } finally {
      this.isBusy.set(false);
    }
  }
}

/** The relay's messages, each beside its field; those without a field stand above the buttons. */
function refusal(problem: ApiProblem): Record<string, string> {
  const found = problem.fields.flatMap(({ path, message }) => {
    const field = FIELDS[path] ?? (path.startsWith('approvals.rules') ? 'rules' : undefined);
    return field === undefined ? [] : [[field, message] as const];
  });
  return found.length > 0 ? Object.fromEntries(found) : { form: problem.message };
}
