import {
  afterRenderEffect,
  Component,
  computed,
  DestroyRef,
  effect,
  ElementRef,
  inject,
  input,
  linkedSignal,
  output,
  resource,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { FormField, form } from '@angular/forms/signals';
import { Router } from '@angular/router';
import { LucideClock, LucideX } from '@lucide/angular';
import { asProblem } from '../../core/api/api-problem';
import { AttachmentsApi, type UploadFile } from '../../core/api/attachments-api';
import { randomKey } from '../../core/api/random-key';
import { RunnersApi } from '../../core/api/runners-api';
import { SessionsApi } from '../../core/api/sessions-api';
import { AddRunnerPanel } from '../../runners/add-runner-panel';
import { RunnerModels } from '../../runners/runner-models';
import { RunnersStore } from '../../runners/runners-store';
import { Button } from '../../ui/button';
import { DropZone } from '../../ui/drop-zone';
import { ErrorState } from '../../ui/error-state';
import { FileDrop } from '../../ui/file-drop';
import { FormRow } from '../../ui/form-row';
import { IconButton } from '../../ui/icon-button';
import { Kbd } from '../../ui/kbd';
import { Modal } from '../../ui/modal';
import { isSendKey } from '../../ui/send-key';
import { StatusDot } from '../../ui/status-dot';
import { TextInput } from '../../ui/text-input';
import { AttachButton } from '../attaching/attach-button';
import { AttachedFiles } from '../attaching/attached-files';
import { readDraftFiles, writeDraftFiles } from '../attaching/draft-files';
import { FileChips } from '../attaching/file-chips';
import { goneFiles, goneText } from '../attaching/gone-files';
import { pastedFiles } from '../attaching/pasted-files';
import { FreshSession } from '../fresh-session';
import { FolderPicker } from './folder-picker';
import { folderProblem } from './folder-problem';
import { type NewSessionDraft, keepDraft, readDraft, settleDraft } from './new-session-draft';
import type { NewSessionPreset } from './new-session-launcher';
import { modelKey, modelOf, problemsByField, requestFor } from './start-session';

/** The key of its files until there is a session. */
const DRAFT = 'new-session';

/** Runner, folder, model, prompt and its files. What is typed survives a closed dialog, a refusal and a reload. */
@Component({
  selector: 'pz-new-session-dialog',
  imports: [
    AddRunnerPanel,
    AttachButton,
    Button,
    DropZone,
    ErrorState,
    FileChips,
    FileDrop,
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
  styleUrls: ['../../ui/dialog.css', './new-session-dialog.css'],
})
export class NewSessionDialog {
  readonly preset = input.required<NewSessionPreset>();
  readonly closed = output();
  protected readonly runners = inject(RunnersStore);
  private readonly runnerModels = inject(RunnerModels);
  private readonly api = inject(SessionsApi);
  private readonly runnersApi = inject(RunnersApi);
  private readonly attachments = inject(AttachmentsApi);
  private readonly router = inject(Router);
  private readonly fresh = inject(FreshSession);

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
  protected readonly isModelFailed = computed(() => this.models.error() !== undefined);
  /** The earlier choice by its last known name, until the runner has said what it offers. */
  protected readonly keptModel = computed(() => {
    const { runnerId, model: key } = this.draft();
    const model = this.models.hasValue() ? null : modelOf(key);
    return model === null ? null : { key, name: this.runnerModels.nameOf(runnerId, model) ?? model.id };
  });
  /** What the empty choice means. */
  protected readonly defaultText = computed(() => {
    if (this.models.isLoading()) return 'Asking the runner…';
    const name = this.defaultName();
    return name === undefined ? 'The runner’s default' : `${name} (default)`;
  });
  private readonly upload: UploadFile = (...upload) => this.attachments.upload(null, ...upload);
  protected readonly files = new AttachedFiles(() => this.upload);
  private readonly chips = viewChild<FileChips, ElementRef<HTMLElement>>(FileChips, { read: ElementRef });
  protected readonly isBusy = signal(false);
  /** What the runner or the server refused; each message goes away when its field changes. */
  protected readonly problems = linkedSignal<NewSessionDraft, ReturnType<typeof problemsByField>>({
    source: this.draft,
    computation: () => ({}),
  });
  protected readonly modelKey = modelKey;
  /** The same for every attempt of this dialog, so that a retry after a lost answer starts nothing twice. */
  private idempotencyKey = randomKey();

  constructor() {
    this.files.restore(readDraftFiles(DRAFT));
    effect(() => writeDraftFiles(DRAFT, this.files.ready()));
    inject(DestroyRef).onDestroy(() => this.files.clear());
    // In a dialog taller than the window they would appear out of sight.
    const count = computed(() => this.files.all().length);
    afterRenderEffect(() => {
      if (count() > 0) this.chips()?.nativeElement.scrollIntoView({ block: 'nearest' });
    });
    effect(() => {
      const draft = this.draft();
      // Without a runner the rest is undecided, and must not overwrite what was kept.
      keepDraft(draft.runnerId === '' ? { ...readDraft(), prompt: draft.prompt } : draft);
    });
    // The first runner may come while the dialog is open already: a new account's does.
    effect(() => {
      if (this.draft().runnerId !== '' || this.runners.runners().length === 0) return;
      this.draft.update(({ prompt }) => ({ ...this.firstDraft(), prompt }));
    });
    effect(() => {
      // A model no longer offered gives way to the default, and so does one that has become the default.
      const { model } = this.draft();
      if (model === '' || !this.models.hasValue()) return;
      if (this.modelList().some((offered) => modelKey(offered) === model && !offered.isDefault)) return;
      this.draft.update((draft) => ({ ...draft, model: '' }));
    });
    effect(() => {
      // A changed request is a new request.
      this.draft();
      this.files.ready();
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

  /** Checks the folder once it is typed, so that a problem shows before the request is sent. */
  protected async checkFolder(): Promise<boolean> {
    const [{ cwd }, runner] = [this.draft(), this.runner()];
    const problem = runner ? await folderProblem(this.runnersApi, runner, cwd) : null;
    if (problem === null || this.draft().cwd !== cwd || this.runner()?.runnerId !== runner?.runnerId) return true;
    this.problems.set({ cwd: problem });
    return false;
  }

  protected onPaste(event: ClipboardEvent): void {
    const files = pastedFiles(event);
    if (files.length === 0) return;
    event.preventDefault();
    this.files.add(files);
  }

  protected removeFile(key: string): void {
    const attachment = this.files.remove(key);
    if (attachment !== null) this.attachments.discard(attachment);
  }

  protected onKey(event: KeyboardEvent): void {
    if (!isSendKey(event)) return;
    event.preventDefault();
    void this.start();
  }

  protected async start(): Promise<void> {
    if (this.isBusy() || !this.runner() || !this.files.areReady()) return;
    this.isBusy.set(true);
    const files = this.files.ready();
    try {
      if (!(await this.checkFolder())) return;
      const request = requestFor(this.draft(), files);
      const { sessionId } = await this.api.create(request, this.idempotencyKey);
      settleDraft(this.draft());
      writeDraftFiles(DRAFT, []);
      this.closed.emit();
      // On a touch screen the keyboard would cover what the agent does.
      if (matchMedia('(pointer: fine)').matches) this.fresh.made(sessionId);
      await this.router.navigate(['/s', sessionId]);
    } catch (error) {
      const problem = asProblem(error);
      const gone = goneFiles(problem, files);
      this.files.markGone(gone.map(({ attachmentId }) => attachmentId));
      this.problems.set(gone.length > 0 ? { prompt: goneText(gone) } : problemsByField(problem));
    } finally {
      this.isBusy.set(false);
    }
  }

  /** The preset first, then what was kept; a runner that is gone is replaced by the first one. */
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
