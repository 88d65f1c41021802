import {
  Component,
  computed,
  DestroyRef,
  effect,
  inject,
  input,
  type OnInit,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute } from '@angular/router';
import type { ModelInfo, ModelRef, QueuedInput } from '@pizzapi/protocol';
import { type ApiProblem, asProblem } from '../../core/api/api-problem';
import { AttachmentsApi, type UploadFile } from '../../core/api/attachments-api';
import { SessionsApi } from '../../core/api/sessions-api';
import { Clipboard } from '../../core/clipboard';
import { Commands } from '../../core/commands';
import { RelayConnection } from '../../core/realtime/relay-connection';
import { Toasts } from '../../core/toasts';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { RunnerModels } from '../../runners/runner-models';
import { BackLink } from '../../ui/back-link';
import { EmptyState } from '../../ui/empty-state';
import { ErrorState } from '../../ui/error-state';
import { SeenMarks } from '../seen-marks';
import { SessionActions } from '../session-actions';
import { SessionsStore } from '../sessions-store';
import { ApprovalAnswers } from './approvals/approval-answers';
import { SessionBranches } from './branches/session-branches';
import { WentBack } from './branches/went-back';
import { Composer } from './composer/composer';
import { QueuedInputs } from './composer/queued-inputs';
import type { Message, OutgoingInput } from './conversation/outbox';
import type { UserItem } from './conversation/transcript-item';
import { visibleItems } from './conversation/transcript-window';
import { SessionFamily } from './family/session-family';
import { FindBar } from './find-bar';
import { SessionFooter } from './footer/session-footer';
import { type HeaderAction, SessionHeader } from './header/session-header';
import { Lightbox } from './lightbox';
import { InspectorDock } from './inspector/inspector-dock';
import { SessionInspector } from './inspector/session-inspector';
import { OpenPanels } from './panels/open-panels';
import { PanelSheet } from './panels/panel-sheet';
import { SessionServices } from './services/session-services';
import { SessionFacts } from './session-facts';
import type { SessionStore } from './session-store';
import { sessionShortcuts } from './session-shortcuts';
import { SessionStores } from './session-stores';
import { SessionSigils } from './sigils/session-sigils';
import { Disclosure } from './transcript/disclosure';
import { SessionDeliveries } from './triggers/session-deliveries';
import { SessionSubscriptions } from './triggers/session-subscriptions';
import { SubscriptionDialog } from './triggers/subscription-dialog';
import { SessionTunnels } from './tunnels/session-tunnels';
import { TranscriptView } from './transcript/transcript-view';

/** One session: wires its store to header, transcript, composer and footer. */
@Component({
  selector: 'pz-session-view',
  imports: [
    BackLink,
    Composer,
    ConfirmDialog,
    EmptyState,
    ErrorState,
    FindBar,
    Lightbox,
    PanelSheet,
    QueuedInputs,
    SessionFooter,
    SessionHeader,
    SessionInspector,
    SubscriptionDialog,
    TranscriptView,
    WentBack,
  ],
  providers: [
    ApprovalAnswers,
    Disclosure,
    OpenPanels,
    SessionDeliveries,
    SessionBranches,
    SessionFamily,
    SessionServices,
    SessionSigils,
    SessionSubscriptions,
    SessionTunnels,
  ],
  templateUrl: './session-view.html',
  styleUrl: './session-view.css',
})
export class SessionView implements OnInit {
  readonly sessionId = input.required<string>();

  private readonly api = inject(SessionsApi);
  protected readonly attachments = inject(AttachmentsApi);
  private readonly models = inject(RunnerModels);
  private readonly stores = inject(SessionStores);
  private readonly sessions = inject(SessionsStore);
  protected readonly dock = inject(InspectorDock);
  protected readonly subscriptions = inject(SessionSubscriptions);
  private readonly services = inject(SessionServices);
  private readonly family = inject(SessionFamily);
  private readonly answers = inject(ApprovalAnswers);
  private readonly branches = inject(SessionBranches);
  protected readonly panels = inject(OpenPanels);
  private readonly actions = inject(SessionActions);
  private readonly clipboard = inject(Clipboard);
  private readonly toasts = inject(Toasts);
  private readonly seen = inject(SeenMarks);
  private readonly connection = inject(RelayConnection);
  private readonly commands = inject(Commands);
  private readonly destroyRef = inject(DestroyRef);
  private readonly fragment = toSignal(inject(ActivatedRoute).fragment);
  protected readonly transcript = viewChild(TranscriptView);
  private readonly composer = viewChild(Composer);

  /** The deep link that was followed; scrolling away from it must not lead back. */
  private linked: number | null = null;
  private readonly opened = signal<SessionStore | null>(null);
  private readonly failure = signal<ApiProblem | null>(null);
  protected readonly isFinding = signal(false);
  protected readonly isDeleting = signal(false);
  protected readonly image = signal<string | null>(null);

  protected readonly store = this.opened.asReadonly();
  protected readonly facts = new SessionFacts(this.sessionId, this.store);
  protected readonly session = this.facts.session;
  protected readonly rows = computed(() => this.opened()?.rows() ?? []);
  protected readonly problem = computed(() => this.opened()?.gone()?.detail ?? this.failure()?.message ?? null);
  /** Then asking again is useless. */
  protected readonly isMissing = computed(
    () => this.opened()?.gone()?.code === 'not_found' || this.failure()?.status === 404,
  );
  protected readonly upload: UploadFile = (...upload) => this.attachments.upload(this.sessionId(), ...upload);
  protected readonly loadModels = (): Promise<readonly ModelInfo[]> => this.models.list(this.session()?.runnerId ?? '');

  ngOnInit(): void {
    this.services.of(this.sessionId());
    this.family.of(this.sessionId);
    this.branches.of(this.sessionId, this.facts);
    const { runner, obstacle } = this.facts;
    this.answers.of({ runnerName: computed(() => runner()?.name ?? ''), obstacle });
    const store = this.stores.open(this.sessionId());
    this.opened.set(store);
    const remove = this.commands.add(
      sessionShortcuts({
        jumpToOwn: (direction) => this.transcript()?.jumpToOwn(direction),
        toEnd: () => this.transcript()?.toEnd(),
        find: () => this.isFinding.set(true),
        compose: () => this.composer()?.focus(),
        details: () => this.dock.toggleTab('details'),
        triggers: () => this.dock.toggleTab('triggers'),
        panels: () => this.dock.toggleTab('panels'),
        tunnels: () => this.dock.toggleTab('tunnels'),
        subscribe: () => this.subscriptions.editing.set('new'),
      }),
    );
    this.destroyRef.onDestroy(() => {
      remove();
      this.stores.close(store);
    });
  }

  constructor() {
    effect(() => {
      this.connection.epoch();
      const id = this.sessionId();
      untracked(() => void this.readSession(id));
    });
    effect(() => {
      const window = this.facts.conversation()?.window;
      const last = window === undefined ? undefined : visibleItems(window).at(-1);
      const seq = Math.max(last?.seq ?? 0, this.session()?.lastEventSeq ?? 0);
      if (document.visibilityState === 'visible') untracked(() => this.seen.markSeen(this.sessionId(), seq));
    });
    effect(() => {
      const seq = Number(this.fragment());
      const transcript = this.transcript();
      if (!(seq > 0) || transcript === undefined || this.facts.conversation()?.hasLoaded !== true) return;
      untracked(() => void this.openLink(seq, transcript));
    });
  }

  protected send(message: Message): void {
    void this.opened()?.send(message);
    this.transcript()?.toEnd();
  }

  /** A message that did not arrive goes back into the field. */
  protected withdraw(message: OutgoingInput): void {
    this.opened()?.withdraw(message.key);
    this.composer()?.restore(message);
  }

  protected takeBack({ inputId }: QueuedInput): void {
    void this.attempt((store) => store.removeInput(inputId));
  }
  protected editInput({ inputId, text }: { inputId: string; text: string }): void {
    void this.attempt((store) => store.editInput(inputId, text));
  }
  /** Goes back to before it, with its words in the field. */
  protected async editMessage({ entryId, text, attachments }: UserItem): Promise<void> {
    if (await this.branches.change(entryId, 'before')) this.composer()?.restore({ text, attachments });
  }
  protected retry(key: string): void {
    void this.opened()?.retry(key);
  }
  protected abort(): void {
    void this.attempt((store) => store.abort());
  }
  protected continue(): void {
    void this.attempt((store) => store.continue());
  }
  protected setModel(model: ModelRef): void {
    void this.attempt((store) => store.setModel(model));
  }

  /** Shown in the panel, also where that was closed. */
  protected onSubscribed(): void {
    this.subscriptions.editing.set(null);
    this.subscriptions.reload();
    this.dock.show('triggers');
  }

  protected rename(name: string): void {
    const session = this.session();
    if (session !== undefined) void this.actions.rename(session, name);
  }

  protected act(action: HeaderAction): void {
    const session = this.session();
    if (session === undefined) return;
    switch (action) {
      case 'stop':
      case 'stopFamily':
        this.toasts.undoable(
          `Stopping “${this.facts.name()}”${action === 'stop' ? '' : ' with its children'}`,
          () => void this.actions.stop(session, action === 'stopFamily'),
          () => undefined,
        );
        return;
      case 'resume':
        void this.actions.resume(session);
        return;
      case 'pin':
        void this.actions.togglePin(session);
        return;
      case 'copyId':
        void this.clipboard.copy(session.sessionId, 'Session id copied');
        return;
      case 'copyLink':
        void this.clipboard.copy(`${location.origin}/s/${session.sessionId}`, 'Link copied');
        return;
      case 'details':
        this.dock.toggle();
        return;
      case 'find':
        this.isFinding.set(true);
        return;
      case 'delete':
        this.isDeleting.set(true);
    }
  }

  protected remove(): void {
    const session = this.session();
    this.isDeleting.set(false);
    if (session !== undefined) this.actions.remove(session);
  }

  /** Escape aborts only where it can mean nothing else: no dialog, no selection, nothing typed in another field. */
  protected onEscape(event: Event): void {
    if (
      event.defaultPrevented ||
      !this.facts.isWorking() ||
      document.querySelector('dialog[open], :popover-open') !== null
    )
      return;
    if (this.isFinding()) {
      this.isFinding.set(false);
      return;
    }
    if ((document.getSelection()?.toString() ?? '') !== '') return;
    event.preventDefault();
    this.abort();
  }

  protected async readAgain(): Promise<void> {
    this.failure.set(null);
    await this.readSession(this.sessionId());
  }

  private async readSession(sessionId: string): Promise<void> {
    try {
      const session = await this.api.get(sessionId);
      this.sessions.apply(session);
      this.opened()?.applySnapshot(session);
      this.failure.set(null);
    } catch (error) {
      const problem = asProblem(error);
      // Away from the relay what is on the screen stays; the connection line says so.
      if (problem.status !== 0 || this.session() === undefined) this.failure.set(problem);
    }
  }
  private async openLink(seq: number, transcript: TranscriptView): Promise<void> {
    if (this.linked === seq) return;
    this.linked = seq;
    await transcript.openAt(seq);
  }

  private async attempt(act: (store: SessionStore) => Promise<void>): Promise<void> {
    const store = this.opened();
    if (store === null) return;
    try {
      await act(store);
    } catch (error) {
      this.toasts.fail(asProblem(error).message);
    }
  }
}
