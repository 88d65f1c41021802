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
import { ActivatedRoute, Router } from '@angular/router';
import type { ModelInfo, ModelRef, QueuedInput } from '@pizzapi/protocol';
import { AttachmentsApi, type UploadFile } from '../../core/api/attachments-api';
import { SessionFilesApi } from '../../core/api/session-files-api';
import { Commands } from '../../core/commands';
import { Toasts } from '../../core/toasts';
import { DropZone } from '../../ui/drop-zone';
import { FileDrop } from '../../ui/file-drop';
import { RunnerModels } from '../../runners/runner-models';
import { BackLink } from '../../ui/back-link';
import { EmptyState } from '../../ui/empty-state';
import { ErrorState } from '../../ui/error-state';
import { Skeleton } from '../../ui/skeleton';
import { PageTitle } from '../../core/page-title';
import { SeenMarks } from '../seen-marks';
import { FreshSession } from '../fresh-session';
import { SessionForks } from '../session-forks';
import { WAITING_FRAGMENT, WaitingSessions } from '../waiting-sessions';
import { ApprovalAnswers } from './approvals/approval-answers';
import { followWaiting } from './approvals/follow-waiting';
import { SessionApprovals } from './approvals/session-approvals';
import { WaitsChip } from './approvals/waits-chip';
import { SessionBranches } from './branches/session-branches';
import { WentBack } from './branches/went-back';
import { Composer } from './composer/composer';
import type { FindFiles } from './composer/file-completion';
import { QueuedInputs } from './composer/queued-inputs';
import type { Message, OutgoingInput } from './conversation/outbox';
import type { UserItem } from './conversation/transcript-item';
import { visibleItems } from './conversation/transcript-window';
import { SessionFamily } from './family/session-family';
import { FindBar } from './find-bar';
import { SessionFooter } from './footer/session-footer';
import { HeaderActs } from './header/header-acts';
import { SessionHeader } from './header/session-header';
import { Lightbox } from './lightbox';
import { InspectorDock } from './inspector/inspector-dock';
import { SessionInspector } from './inspector/session-inspector';
import { OpenedSession } from './opened-session';
import { OpenPanels } from './panels/open-panels';
import { PanelSheet } from './panels/panel-sheet';
import { SessionServices } from './services/session-services';
import { SessionFacts } from './session-facts';
import { sessionShortcuts } from './session-shortcuts';
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
    DropZone,
    EmptyState,
    ErrorState,
    FindBar,
    Lightbox,
    PanelSheet,
    QueuedInputs,
    SessionFooter,
    SessionHeader,
    SessionInspector,
    Skeleton,
    SubscriptionDialog,
    TranscriptView,
    WaitsChip,
    WentBack,
  ],
  providers: [
    ApprovalAnswers,
    Disclosure,
    HeaderActs,
    OpenedSession,
    OpenPanels,
    SessionApprovals,
    SessionDeliveries,
    SessionBranches,
    SessionFamily,
    SessionServices,
    SessionSigils,
    SessionSubscriptions,
    SessionTunnels,
  ],
  // A file may be dropped anywhere on the page.
  hostDirectives: [FileDrop],
  templateUrl: './session-view.html',
  styleUrl: './session-view.css',
})
export class SessionView implements OnInit {
  readonly sessionId = input.required<string>();

  private readonly opened = inject(OpenedSession);
  protected readonly header = inject(HeaderActs);
  private readonly folderFiles = inject(SessionFilesApi);
  protected readonly attachments = inject(AttachmentsApi);
  protected readonly drop = inject(FileDrop);
  private readonly models = inject(RunnerModels);
  protected readonly dock = inject(InspectorDock);
  protected readonly subscriptions = inject(SessionSubscriptions);
  private readonly services = inject(SessionServices);
  private readonly family = inject(SessionFamily);
  private readonly answers = inject(ApprovalAnswers);
  protected readonly approvals = inject(SessionApprovals);
  private readonly branches = inject(SessionBranches);
  protected readonly forks = inject(SessionForks);
  private readonly fresh = inject(FreshSession);
  protected readonly panels = inject(OpenPanels);
  private readonly seen = inject(SeenMarks);
  private readonly waiting = inject(WaitingSessions);
  private readonly toasts = inject(Toasts);
  private readonly commands = inject(Commands);
  private readonly destroyRef = inject(DestroyRef);
  private readonly router = inject(Router);
  private readonly route = inject(ActivatedRoute);
  private readonly fragment = toSignal(this.route.fragment);
  protected readonly transcript = viewChild(TranscriptView);
  private readonly composer = viewChild(Composer);

  /** The deep link already followed; scrolling away from it must not lead back. */
  private linked: number | null = null;
  protected readonly image = signal<string | null>(null);

  protected readonly store = this.opened.store;
  protected readonly problem = this.opened.problem;
  protected readonly isMissing = this.opened.isMissing;
  protected readonly reference = this.opened.reference;
  protected readonly facts = new SessionFacts(this.sessionId, this.store);
  protected readonly session = this.facts.session;
  protected readonly rows = computed(() => this.store()?.rows() ?? []);
  /** A question waits and none of its cards is in sight. */
  protected readonly isWaitingUnseen = computed(() => {
    const waiting = this.approvals.waiting();
    const seen = this.transcript()?.keysInSight();
    if (seen == null || waiting.length === 0) return false;
    return !waiting.some(({ approvalId }) => seen.includes(`approval:${approvalId}`));
  });
  protected readonly upload: UploadFile = (...upload) => this.attachments.upload(this.sessionId(), ...upload);
  protected readonly findFiles: FindFiles = (query) => this.folderFiles.find(this.sessionId(), query);
  protected readonly loadModels = (): Promise<readonly ModelInfo[]> => this.models.list(this.session()?.runnerId ?? '');

  ngOnInit(): void {
    this.services.of(this.sessionId());
    this.family.of(this.sessionId);
    this.branches.of(this.sessionId, this.facts);
    const { runner, runnerNamed, obstacle } = this.facts;
    this.answers.of({ runnerName: computed(() => runner()?.name ?? ''), runnerNamed, obstacle });
    this.header.of(this.facts);
    this.approvals.of({ sessionId: this.sessionId, conversation: this.facts.conversation });
    this.waiting.open(this.sessionId(), (mayLeave) => this.approvals.revealNext(mayLeave), this.destroyRef);
    this.opened.open(this.sessionId());
    const removeCommands = this.commands.add(
      sessionShortcuts({
        jumpToOwn: (direction) => this.transcript()?.jumpToOwn(direction),
        toEnd: () => this.transcript()?.toEnd(),
        find: () => this.header.isFinding.set(true),
        compose: () => this.composer()?.focus(),
        details: () => this.dock.toggleTab('details'),
        triggers: () => this.dock.toggleTab('triggers'),
        approvals: () => this.dock.toggleTab('approvals'),
        panels: () => this.dock.toggleTab('panels'),
        tunnels: () => this.dock.toggleTab('tunnels'),
        subscribe: () => this.subscriptions.editing.set('new'),
      }),
    );
    this.destroyRef.onDestroy(removeCommands);
  }

  constructor() {
    effect(() => {
      this.sessionId();
      untracked(() => this.dock.leave());
    });
    this.destroyRef.onDestroy(() => this.dock.leave());
    this.drop.dropped.subscribe((files) => this.composer()?.attach(files));
    effect(() => {
      if (this.branches.wentToEnd() > 0) untracked(() => this.transcript()?.toEnd());
    });
    effect(() => {
      const window = this.facts.conversation()?.window;
      const last = window === undefined ? undefined : visibleItems(window).at(-1);
      const seq = Math.max(last?.seq ?? 0, this.session()?.lastEventSeq ?? 0);
      if (document.visibilityState === 'visible') untracked(() => this.seen.markSeen(this.sessionId(), seq));
    });
    effect(() => {
      const composer = this.composer();
      if (composer !== undefined && untracked(() => this.fresh.take(this.sessionId()))) composer.focus();
    });
    inject(PageTitle).about(this.facts.name);
    effect(() => {
      const wanted = this.approvals.wanted();
      if (wanted !== null) untracked(() => this.transcript()?.showLive(`approval:${wanted}`));
    });
    followWaiting({
      isLed: computed(() => this.fragment() === WAITING_FRAGMENT),
      isReady: computed(() => this.transcript() !== undefined && this.facts.conversation()?.hasLoaded === true),
      isWaiting: this.facts.asksPeople,
      cards: computed(() => this.approvals.waiting().length),
      reveal: () => this.approvals.revealNext(),
      forget: () => void this.router.navigate([], { relativeTo: this.route, replaceUrl: true }),
    });
    effect(() => {
      const seq = Number(this.fragment());
      const transcript = this.transcript();
      if (!(seq > 0) || transcript === undefined || this.facts.conversation()?.hasLoaded !== true) return;
      untracked(() => void this.openLink(seq, transcript));
    });
  }

  protected send(message: Message): void {
    void this.store()?.send(message);
    this.transcript()?.toEnd();
  }

  /** Puts a message that was not sent back into the composer. */
  protected withdraw(message: OutgoingInput): void {
    this.store()?.withdraw(message.key);
    this.composer()?.restore(message, message.gone);
  }

  /** Takes a queued input back into the composer, with its files. */
  protected async takeBack({ inputId, text, attachments, fromSessionId }: QueuedInput): Promise<void> {
    const isTaken = await this.opened.attempt((store) => store.removeInput(inputId));
    if (isTaken && fromSessionId === undefined) this.composer()?.restore({ text, attachments });
  }
  protected editInput({ inputId, text }: { inputId: string; text: string }): void {
    void this.opened.attempt((store) => store.editInput(inputId, text));
  }
  /** Goes back to before a message, with its text in the composer. */
  protected async editMessage({ entryId, text, attachments }: UserItem): Promise<void> {
    if (await this.branches.change(entryId, 'before')) this.composer()?.restore({ text, attachments });
  }
  protected retry(key: string): void {
    void this.store()?.retry(key);
  }
  protected abort(): void {
    void this.opened.attempt((store) => store.abort());
  }
  protected continue(): void {
    void this.opened.attempt((store) => store.continue());
  }
  protected setModel(model: ModelRef): void {
    void this.opened.attempt((store) => store.setModel(model));
  }

  /** Shows the new subscription in the panel, opening that if necessary. */
  protected onSubscribed(): void {
    this.subscriptions.editing.set(null);
    this.subscriptions.reload();
    this.dock.show('triggers');
  }

  /** Escape aborts the turn only where it can mean nothing else: no dialog, find bar or selection. */
  protected onEscape(event: Event): void {
    if (
      event.defaultPrevented ||
      !this.facts.isWorking() ||
      document.querySelector('dialog[open], :popover-open') !== null
    )
      return;
    if (this.header.isFinding()) {
      this.header.isFinding.set(false);
      return;
    }
    if ((document.getSelection()?.toString() ?? '') !== '') return;
    event.preventDefault();
    this.abort();
  }

  protected onMissed(): void {
    this.toasts.show('That is not in the conversation as it goes on now: it stands on another branch.');
  }

  protected readAgain(): void {
    void this.opened.readAgain();
  }

  private async openLink(seq: number, transcript: TranscriptView): Promise<void> {
    if (this.linked === seq) return;
    this.linked = seq;
    await transcript.openAt(seq);
  }
}
