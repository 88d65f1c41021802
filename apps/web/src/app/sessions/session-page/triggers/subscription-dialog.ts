import { Component, computed, inject, input, linkedSignal, output, resource, signal, untracked } from '@angular/core';
import { LucideX } from '@lucide/angular';
import type { AvailableTrigger, SubscriptionView } from '@pizzapi/protocol';
import { type ApiProblem, asProblem } from '../../../core/api/api-problem';
import { randomKey } from '../../../core/api/random-key';
import { TriggersApi } from '../../../core/api/triggers-api';
import { CriteriaEditor } from '../../../triggers/criteria/criteria-editor';
import { criteriaOf, draftOf, NO_CRITERIA } from '../../../triggers/criteria/criteria-draft';
import { schemaFields } from '../../../triggers/criteria/schema-fields';
import { TriggerTypeField } from '../../../triggers/criteria/trigger-type-field';
import { problemWords } from '../../../triggers/problem-words';
import { Button } from '../../../ui/button';
import { ErrorState } from '../../../ui/error-state';
import { IconButton } from '../../../ui/icon-button';
import { Modal } from '../../../ui/modal';
import { Skeleton } from '../../../ui/skeleton';

/** Creates a subscription of a session, or edits one. */
@Component({
  selector: 'pz-subscription-dialog',
  imports: [Button, CriteriaEditor, ErrorState, IconButton, LucideX, Modal, Skeleton, TriggerTypeField],
  templateUrl: './subscription-dialog.html',
  styleUrl: '../../../ui/dialog.css',
})
export class SubscriptionDialog {
  readonly sessionId = input.required<string>();
  /** Null: a new one. */
  readonly subscription = input.required<SubscriptionView | null>();
  readonly saved = output();
  readonly closed = output();
  private readonly api = inject(TriggersApi);
  private readonly available = resource({
    params: () => this.sessionId(),
    loader: ({ params }) => this.api.available(params),
  });

  protected readonly heading = computed(() => (this.subscription() ? 'Edit subscription' : 'Subscribe to a trigger'));
  protected readonly isReady = computed(() => this.available.hasValue() || this.available.error() !== undefined);
  protected readonly types = computed<readonly AvailableTrigger[]>(() =>
    this.available.hasValue() ? this.available.value() : [],
  );
  protected readonly type = linkedSignal(() => this.subscription()?.triggerType ?? '');
  protected readonly fields = computed(() =>
    schemaFields(this.types().find(({ type }) => type === this.type())?.schema ?? null),
  );
  protected readonly draft = linkedSignal(() => {
    const subscription = this.subscription();
    // Once the schema is known: it says which values are texts.
    return subscription && this.isReady() ? draftOf(subscription, untracked(this.fields)) : NO_CRITERIA;
  });
  /** The same for every attempt of one request, so that a retry after a lost answer creates no second one. */
  private readonly key = linkedSignal<unknown, string>({
    source: () => [this.type(), this.draft()],
    computation: () => randomKey(),
  });
  protected readonly isBusy = signal(false);
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly typeProblem = computed(() => {
    const problem = this.problem();
    const isAboutType = problem?.code === 'unknown_trigger_type' || problem?.code === 'trigger_type_disabled';
    return problem?.field('triggerType') ?? (isAboutType ? problem?.message : undefined);
  });
  protected readonly otherProblem = computed(() => {
    const problem = this.problem();
    return problem === null || this.typeProblem() !== undefined ? null : problemWords(problem);
  });

  protected async save(): Promise<void> {
    if (this.isBusy() || this.type() === '') return;
    this.isBusy.set(true);
    this.problem.set(null);
    const criteria = criteriaOf(this.draft(), this.fields());
    const before = this.subscription();
    try {
      if (before) await this.api.replaceSubscription(this.sessionId(), before.subscriptionId, criteria);
      else await this.api.subscribe(this.sessionId(), this.type(), criteria, this.key());
      this.saved.emit();
    } catch (error) {
      this.problem.set(asProblem(error));
    } finally {
      this.isBusy.set(false);
    }
  }
}
