import { Component, computed, inject, linkedSignal, signal } from '@angular/core';
import { LucideZap } from '@lucide/angular';
import type { TriggerFiredDto } from '@pizzapi/api-client';
import { asProblem } from '../../core/api/api-problem';
import { randomKey } from '../../core/api/random-key';
import { TriggersApi } from '../../core/api/triggers-api';
import { RunnersStore } from '../../runners/runners-store';
import { Button } from '../../ui/button';
import { Copyable } from '../../ui/copyable';
import { ErrorState } from '../../ui/error-state';
import { FormRow } from '../../ui/form-row';
import { Kbd } from '../../ui/kbd';
import { isSendKey } from '../../ui/send-key';
import { TextInput } from '../../ui/text-input';
import { examplePayload } from '../criteria/schema-fields';
import { TriggerTypeField } from '../criteria/trigger-type-field';
import { curlLine } from '../curl-line';
import { declaredTriggers } from '../declared-triggers';
import { type FireDraft, type FireProblems, fireProblems, fireRequest } from './fire-draft';
import { FiredTrigger } from './fired-trigger';

const EMPTY: FireDraft = { runnerId: '', type: '', payload: '{}', deliverAs: 'followUp', summary: '' };

/** Fires a trigger by hand: to try out who is reached, with the same request as a line for a shell. */
@Component({
  selector: 'pz-fire-form',
  imports: [Button, Copyable, ErrorState, FiredTrigger, FormRow, Kbd, LucideZap, TextInput, TriggerTypeField],
  templateUrl: './fire-form.html',
  styleUrl: './fire-form.css',
})
export class FireForm {
  protected readonly runners = inject(RunnersStore);
  private readonly api = inject(TriggersApi);
  protected readonly draft = linkedSignal<string, FireDraft>({
    source: () => this.runners.runners()[0]?.runnerId ?? '',
    // Updates of runners do not change what was chosen.
    computation: (first, before) => {
      const draft = before?.value ?? EMPTY;
      return { ...draft, runnerId: draft.runnerId || first };
    },
  });
  private readonly runner = computed(() => this.runners.byId().get(this.draft().runnerId));
  protected readonly types = computed(() => {
    const runner = this.runner();
    return runner ? declaredTriggers(runner) : [];
  });
  protected readonly problems = linkedSignal<FireDraft, FireProblems>({
    source: this.draft,
    computation: () => ({}),
  });
  protected readonly curl = computed(() => {
    const request = fireRequest(this.draft());
    if ('problem' in request || this.draft().type === '') return null;
    return curlLine(`/api/runners/${this.draft().runnerId}/trigger-broadcast`, request);
  });
  protected readonly fired = signal<TriggerFiredDto | null>(null);
  protected readonly isBusy = signal(false);
  /** Kept until there is an answer, so that a retry after a lost one fires nothing twice. */
  private key = randomKey();
  /** What a chosen type put into the payload. It gives way to the next type's example; what somebody wrote stays. */
  private example = EMPTY.payload;

  protected set(change: Partial<FireDraft>): void {
    this.draft.update((draft) => ({ ...draft, ...change }));
    this.key = randomKey();
  }

  protected setType(type: string): void {
    const schema = this.types().find((each) => each.type === type)?.schema;
    if (!schema || this.draft().payload !== this.example) return this.set({ type });
    this.example = JSON.stringify(examplePayload(schema), null, 2);
    this.set({ type, payload: this.example });
  }

  protected onKey(event: KeyboardEvent): void {
    if (!isSendKey(event)) return;
    event.preventDefault();
    void this.fire();
  }

  protected async fire(): Promise<void> {
    if (this.isBusy()) return;
    const request = fireRequest(this.draft());
    if (this.draft().type === '') return this.problems.set({ type: 'Choose what is to be fired' });
    if ('problem' in request) return this.problems.set({ payload: request.problem });
    this.problems.set({});
    this.isBusy.set(true);
    try {
      this.fired.set(await this.api.fire(this.draft().runnerId, request, this.key));
      this.key = randomKey();
    } catch (error) {
      this.problems.set(fireProblems(asProblem(error)));
    } finally {
      this.isBusy.set(false);
    }
  }
}
