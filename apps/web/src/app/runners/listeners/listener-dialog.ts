import { Component, computed, inject, input, linkedSignal, output, resource, signal, untracked } from '@angular/core';
import { FormField, form } from '@angular/forms/signals';
import { LucideTriangleAlert, LucideX } from '@lucide/angular';
import type { AvailableTrigger, ListenerView, RunnerView } from '@pizzapi/protocol';
import { type ApiProblem, asProblem } from '../../core/api/api-problem';
import { ListenersApi } from '../../core/api/listeners-api';
import { randomKey } from '../../core/api/random-key';
import { FolderPicker } from '../../sessions/new-session/folder-picker';
import { modelKey } from '../../sessions/new-session/start-session';
import { CriteriaEditor } from '../../triggers/criteria/criteria-editor';
import { schemaFields } from '../../triggers/criteria/schema-fields';
import { TriggerTypeField } from '../../triggers/criteria/trigger-type-field';
import { declaredTriggers } from '../../triggers/declared-triggers';
import { problemWords } from '../../triggers/problem-words';
import { Button } from '../../ui/button';
import { ErrorState } from '../../ui/error-state';
import { FormRow } from '../../ui/form-row';
import { IconButton } from '../../ui/icon-button';
import { Modal } from '../../ui/modal';
import { TextInput } from '../../ui/text-input';
import { RunnerModels } from '../runner-models';
import {
  criteriaDraft,
  type DraftProblems,
  draftProblems,
  listenerDraft,
  type ListenerDraft,
  listenerRequest,
  MISSED_RUNS,
  NEW_LISTENER,
} from './listener-draft';

const FIELD_OF_CODE: Record<string, keyof ListenerDraft> = {
  unknown_trigger_type: 'triggerType',
  trigger_type_disabled: 'triggerType',
  folder_outside_roots: 'cwd',
  folder_missing: 'cwd',
};

/** Makes a listener of a runner, or changes one. */
@Component({
  selector: 'pz-listener-dialog',
  imports: [
    Button,
    CriteriaEditor,
    ErrorState,
    FolderPicker,
    FormField,
    FormRow,
    IconButton,
    LucideTriangleAlert,
    LucideX,
    Modal,
    TextInput,
    TriggerTypeField,
  ],
  templateUrl: './listener-dialog.html',
  styleUrls: ['../../ui/dialog.css', './listener-dialog.css'],
})
export class ListenerDialog {
  readonly runner = input.required<RunnerView>();
  /** Null: a new one. */
  readonly listener = input.required<ListenerView | null>();
  /** Somebody else's version, saved since this was opened. */
  readonly meanwhile = input<ListenerView | 'removed' | null>(null);
  /** Asks to edit that version instead, giving up what was typed here. */
  readonly reopened = output<ListenerView>();
  readonly saved = output<ListenerView>();
  readonly closed = output();
  private readonly api = inject(ListenersApi);
  private readonly runnerModels = inject(RunnerModels);

  protected readonly isRemoved = computed(() => this.meanwhile() === 'removed');
  protected readonly newer = computed(() => {
    const meanwhile = this.meanwhile();
    return meanwhile === 'removed' ? null : meanwhile;
  });
  protected readonly heading = computed(() => (this.listener() ? 'Edit listener' : 'New listener'));
  protected readonly types = computed<AvailableTrigger[]>(() => declaredTriggers(this.runner()));
  protected readonly draft = linkedSignal(() => {
    const listener = this.listener();
    return listener ? listenerDraft(listener) : NEW_LISTENER;
  });
  protected readonly row = form(this.draft);
  protected readonly payload = computed(() =>
    schemaFields(this.types().find(({ type }) => type === this.draft().triggerType)?.schema ?? null),
  );
  /** Created once: updates of the runner must not undo what was typed. */
  protected readonly criteria = linkedSignal({
    source: this.listener,
    computation: (listener) =>
      criteriaDraft(
        listener,
        untracked(() => this.payload()),
      ),
  });
  private readonly offered = resource({
    params: () => (this.runner().online ? this.runner().runnerId : undefined),
    loader: ({ params }) => this.runnerModels.list(params),
  });
  protected readonly models = computed(() => (this.offered.hasValue() ? this.offered.value() : []));
  /** The earlier choice, if the runner is not online to list it. */
  protected readonly unlisted = computed(() => {
    const model = this.listener()?.model;
    if (!model || this.models().some((each) => modelKey(each) === modelKey(model))) return null;
    return { key: modelKey(model), name: this.runnerModels.nameOf(this.runner().runnerId, model) ?? model.id };
  });
  protected readonly missedRuns = MISSED_RUNS;
  protected readonly modelKey = modelKey;
  /** The same for every attempt of one request, so that a retry after a lost answer creates no second one. */
  private readonly key = linkedSignal<unknown, string>({
    source: () => [this.draft(), this.criteria()],
    computation: () => randomKey(),
  });
  protected readonly isBusy = signal(false);
  /** What was wrong with the last attempt; cleared by the next change. */
  protected readonly problems = linkedSignal<unknown, DraftProblems>({
    source: () => [this.draft(), this.criteria()],
    computation: () => ({}),
  });

  protected setType(triggerType: string): void {
    this.draft.update((draft) => ({ ...draft, triggerType }));
  }

  protected setFolder(cwd: string): void {
    this.draft.update((draft) => ({ ...draft, cwd }));
  }

  protected async save(): Promise<void> {
    const found = draftProblems(this.draft());
    this.problems.set(found);
    if (this.isBusy() || Object.keys(found).length > 0) return;
    this.isBusy.set(true);
    try {
      this.saved.emit(await this.send());
    } catch (error) {
      this.problems.set(this.refusal(asProblem(error)));
    } finally {
      this.isBusy.set(false);
    }
  }

  private send(): Promise<ListenerView> {
    const { runnerId } = this.runner();
    const before = this.listener();
    const request = listenerRequest(this.draft(), this.criteria(), this.payload(), this.models(), before);
    return before && !this.isRemoved()
      ? this.api.replace(runnerId, before.listenerId, request)
      : this.api.create(runnerId, request, this.key());
  }

  /** The relay's messages, each beside its field; those without a field stand above the buttons. */
  private refusal(problem: ApiProblem): DraftProblems {
    const code = FIELD_OF_CODE[problem.code];
    if (code !== undefined) return { [code]: problem.message };
    const fields: Record<string, string | undefined> = {
      triggerType: problem.field('triggerType'),
      prompt: problem.field('prompt'),
      cwd: problem.field('cwd'),
      maxWait: problem.field('maxWaitMs'),
      maxConcurrent: problem.field('maxConcurrent'),
    };
    const found = Object.entries(fields).filter(([, message]) => message !== undefined);
    return found.length > 0 ? Object.fromEntries(found) : { form: problemWords(problem) };
  }
}
