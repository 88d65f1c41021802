import {
  Component,
  computed,
  effect,
  inject,
  input,
  linkedSignal,
  output,
  resource,
  signal,
  untracked,
} from '@angular/core';
import { FormField, form } from '@angular/forms/signals';
import { Router } from '@angular/router';
import { LucideClock, LucideX } from '@lucide/angular';
import { asProblem } from '../../core/api/api-problem';
import { randomKey } from '../../core/api/random-key';
import { SessionsApi } from '../../core/api/sessions-api';
import { AddRunnerPanel } from '../../runners/add-runner-panel';
import { RunnerModels } from '../../runners/runner-models';
import { RunnersStore } from '../../runners/runners-store';
import { Button } from '../../ui/button';
import { ErrorState } from '../../ui/error-state';
import { FormRow } from '../../ui/form-row';
import { IconButton } from '../../ui/icon-button';
import { Kbd } from '../../ui/kbd';
import { Modal } from '../../ui/modal';
import { StatusDot } from '../../ui/status-dot';
import { TextInput } from '../../ui/text-input';
import { FolderPicker } from './folder-picker';
import { type NewSessionDraft, keepDraft, readDraft, settleDraft } from './new-session-draft';
import type { NewSessionPreset } from './new-session-launcher';
import { modelKey, problemsByField, requestFor } from './start-session';

/** Runner, folder, model, prompt. What is typed survives a closed dialog, a refusal and a reload. */
@Component({
  selector: 'pz-new-session-dialog',
  imports: [
    AddRunnerPanel,
    Button,
    ErrorState,
    FolderPicker,
    FormField,
    FormRow,
    IconButton,
    Kbd,
    LucideClock,
    LucideX,
    Modal,
    StatusDot,
    TextInput,
  ],
  templateUrl: './new-session-dialog.html',
  styleUrl: './new-session-dialog.css',
})
export class NewSessionDialog {
  readonly preset = input.required<NewSessionPreset>();
  readonly closed = output();
  protected readonly runners = inject(RunnersStore);
  private readonly runnerModels = inject(RunnerModels);
  private readonly api = inject(SessionsApi);
  private readonly router = inject(Router);

  protected readonly draft = linkedSignal<NewSessionDraft>(() => this.firstDraft());
  protected readonly fields = form(this.draft);
  protected readonly runner = computed(() => this.runners.byId().get(this.draft().runnerId));
  protected readonly models = resource({
    params: () => (this.runner()?.online ? this.runner()?.runnerId : undefined),
    loader: ({ params }) => this.runnerModels.list(params),
  });
  protected readonly modelList = computed(() => (this.models.hasValue() ? this.models.value() : []));
  private readonly defaultName = computed(() => this.modelList().find((model) => model.isDefault)?.name);
  protected readonly modelNote = computed(() => {
    const error = this.models.error();
    if (error) return asProblem(error).message;
    const isMissing = this.models.hasValue() && this.modelList().length === 0;
    return isMissing ? 'The runner offers no model; set up a provider on it first.' : undefined;
  });
  /** What the empty choice means. */
  protected readonly defaultText = computed(() => {
    if (this.models.isLoading()) return 'Asking the runner…';
    const name = this.defaultName();
    return name === undefined ? 'The runner’s default' : `${name} (default)`;
  });
  protected readonly isBusy = signal(false);
  /** What the server refused; each message leaves when its field changes. */
  protected readonly problems = linkedSignal<NewSessionDraft, ReturnType<typeof problemsByField>>({
    source: this.draft,
    computation: () => ({}),
  });
  protected readonly modelKey = modelKey;
  /** The same for every try of this dialog, so that a retry after a lost answer starts nothing twice. */
  private idempotencyKey = randomKey();

  constructor() {
    effect(() => {
      const draft = this.draft();
      // Without a runner the rest is not yet decided, and must not take the place of what was.
      keepDraft(draft.runnerId === '' ? { ...readDraft(), prompt: draft.prompt } : draft);
    });
    // The first runner may come while the dialog is open already: a new account's does.
    effect(() => {
      if (this.draft().runnerId !== '' || this.runners.runners().length === 0) return;
      this.draft.update(({ prompt }) => ({ ...this.firstDraft(), prompt }));
    });
    effect(() => {
      // A changed order is a new order.
      this.draft();
      this.idempotencyKey = randomKey();
    });
  }

  protected chooseRunner(runnerId: string): void {
    if (runnerId === this.draft().runnerId) return;
    this.draft.update((draft) => ({ ...draft, runnerId, cwd: '', model: '' }));
  }

  protected setFolder(cwd: string): void {
    this.draft.update((draft) => ({ ...draft, cwd }));
  }

  protected onKey(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    void this.start();
  }

  protected async start(): Promise<void> {
    if (this.isBusy() || !this.runner()) return;
    this.isBusy.set(true);
    try {
      const { sessionId } = await this.api.create(requestFor(this.draft(), this.modelList()), this.idempotencyKey);
      settleDraft(this.draft());
      this.closed.emit();
      await this.router.navigate(['/s', sessionId]);
    } catch (error) {
      this.problems.set(problemsByField(asProblem(error)));
    } finally {
      this.isBusy.set(false);
    }
  }

  /** The preset first, then what was kept; a runner that is gone gives way to the first. */
  private firstDraft(): NewSessionDraft {
    const kept = untracked(() => readDraft());
    const preset = this.preset();
    const known = untracked(this.runners.byId);
    const first = untracked(this.runners.runners)[0]?.runnerId ?? '';
    const wanted = preset.runnerId ?? kept.runnerId;
    const runnerId = known.has(wanted) ? wanted : first;
    const isSame = runnerId === kept.runnerId;
    return {
      runnerId,
      cwd: preset.cwd ?? (isSame ? kept.cwd : ''),
      model: isSame ? kept.model : '',
      prompt: kept.prompt,
    };
  }
}
