import { type Signal, computed, inject, linkedSignal, untracked } from '@angular/core';
import type { ApprovalRequest } from '@pizzapi/protocol';
import { saidAnew } from '../../ui/said-anew';
import { RunnerModels } from '../../runners/runner-models';
import { RunnersStore } from '../../runners/runners-store';
import { folderText, isLive, questionsIn, sessionName, sessionState } from '../session-state';
import { SessionsStore } from '../sessions-store';
import { runnerNamedIn, spokenQuestion } from './approvals/approval-words';
import { visibleItems } from './conversation/transcript-window';
import type { SessionStore } from './session-store';

/** What is true of the open session right now. Events of its feed take precedence over the hub's summary of them. */
export class SessionFacts {
  private readonly sessions = inject(SessionsStore);
  private readonly runners = inject(RunnersStore);
  private readonly models = inject(RunnerModels);

  readonly session = computed(() => this.sessions.session(this.sessionId()));
  readonly conversation = computed(() => this.store()?.conversation());
  readonly name = computed(() => {
    const session = this.session();
    return session === undefined ? '' : sessionName(session);
  });
  readonly folder = computed(() => folderText(this.session()?.cwd ?? ''));
  readonly runner = computed(() => this.runners.byId().get(this.session()?.runnerId ?? ''));
  /** No runner is called unknown before the runners have been read. */
  readonly runnerName = computed(() => this.runner()?.name ?? (this.runners.isLoaded() ? 'unknown runner' : '…'));
  readonly runnerNamed = (runnerId: string): string | undefined => this.runners.byId().get(runnerId)?.name;
  readonly activity = computed(() => {
    const session = this.session();
    if (session?.status !== 'active') return null;
    return this.conversation()?.activity.value ?? session.activity;
  });
  readonly activitySince = computed(() => {
    const conversation = this.conversation();
    if (conversation === undefined) return null;
    if (conversation.activitySince !== null) return conversation.activitySince;
    // Opened in mid-turn: it has been running since a person's last message.
    return visibleItems(conversation.window).findLast((item) => item.kind === 'user')?.ts ?? null;
  });
  /** A turn is running, even if only waiting on a question: what is said steers it. */
  readonly isWorking = computed(() => ['working', 'waiting'].includes(this.activity() ?? ''));
  /** Nothing runs but something could: the conversation may be continued from another entry. */
  readonly isChangeable = computed(() => ['idle', 'paused'].includes(this.activity() ?? ''));
  readonly model = computed(() => this.conversation()?.model.value ?? this.session()?.model ?? null);
  /** The runner's name for the model, as far as this browser knows it. */
  readonly modelName = computed(() => {
    const model = this.model();
    return model === null ? null : (this.models.nameOf(this.session()?.runnerId ?? '', model) ?? null);
  });
  readonly mcpServers = computed(() => this.conversation()?.mcpServers ?? []);
  readonly plugins = computed(() => this.conversation()?.plugins ?? []);
  readonly usage = computed(() => this.conversation()?.usage.value ?? this.session()?.usage ?? null);
  readonly viewers = computed(() => {
    const watching = this.store()?.viewers() ?? [];
    return watching.length > 0 ? watching : (this.session()?.viewers ?? []);
  });
  /** Why it takes no input. */
  readonly obstacle = computed(() => {
    const status = this.session()?.status;
    if (status === 'cancelled') return 'This session was cancelled before it started. Start a new one.';
    if (status === 'ended') return 'This session has ended. Resume it to continue.';
    return status === 'failed' ? 'This session failed. Resume it to continue.' : null;
  });
  /** Problems shown in place of the conversation. */
  readonly emptyHeading = computed(() => {
    const session = this.session();
    if (session?.status === 'pending') {
      if (session.isHeld) return 'Waiting for its turn';
      return this.runner()?.online === true ? 'Starting' : 'Waiting for its runner';
    }
    return session === undefined || isLive(session) ? 'Nothing said yet' : 'Nothing was said';
  });
  readonly emptyText = computed(() => {
    const status = this.session()?.status;
    if (status === 'pending' && this.session()?.isHeld)
      return 'Its listener already has as many sessions running as it may. This one starts when one of those ends.';
    if (status === 'pending') {
      const runner = this.runner();
      return runner?.online === true
        ? `${runner.name} starts the agent. That takes a few seconds, more on a busy machine.`
        : 'The session starts as soon as its runner is online.';
    }
    if (status === 'active') return 'Write the first message below. @ names a file, / a command.';
    return status === 'failed' ? 'It failed before it could start.' : 'It ended before it started.';
  });
  readonly announcement = computed(() => {
    const session = this.session();
    if (session === undefined) return '';
    return `Agent ${sessionState({ ...session, activity: this.activity() }).label}`;
  });
  readonly asksPeople = computed(() => {
    const session = this.session();
    return session !== undefined && questionsIn({ ...session, activity: this.activity() }) > 0;
  });
  private readonly requests = computed(() =>
    [...(this.conversation()?.approvals.values() ?? [])].map(({ request }) => request),
  );
  /** A question is announced once, when it comes up, whatever the agent's state does afterwards. */
  readonly question = linkedSignal<readonly ApprovalRequest[], string>({
    source: this.requests,
    computation: (now, before) => {
      const known = new Set(before?.source.map(({ approvalId }) => approvalId));
      const fresh = now.findLast(({ approvalId }) => !known.has(approvalId));
      if (fresh === undefined) return now.length === 0 ? '' : (before?.value ?? '');
      return saidAnew(
        untracked(() => spokenQuestion(fresh, this.runnerOf(fresh))),
        before?.value,
      );
    },
  });

  /** Create it in an injection context. */
  constructor(
    private readonly sessionId: Signal<string>,
    private readonly store: Signal<SessionStore | null>,
  ) {}

  /** Where the action in question would run. */
  private runnerOf({ subject }: ApprovalRequest): string {
    const named = subject.kind === 'tool' ? runnerNamedIn(subject) : null;
    return named === null ? (this.runner()?.name ?? '') : (this.runnerNamed(named) ?? 'another runner');
  }
}
