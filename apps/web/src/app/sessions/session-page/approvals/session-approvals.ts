import { computed, Injectable, inject, linkedSignal, signal } from '@angular/core';
import type { ApprovalRequest, ApprovalView, SettledApproval } from '@pizzapi/protocol';
import { ApprovalsApi } from '../../../core/api/approvals-api';
import { PagedList } from '../../../core/paged-list';
import type { Conversation } from '../conversation/conversation';

/** A question that was settled. */
export interface AnsweredApproval {
  readonly approval: SettledApproval;
  /** The entry in the conversation that settled it, if known. */
  readonly seq: number | null;
}

/** What is known of the page's session. */
export interface AskingSession {
  readonly sessionId: () => string;
  readonly conversation: () => Pick<Conversation, 'approvals' | 'window'> | undefined;
}

/** What the session's agent asks and has asked. What waits is live from the conversation, what was answered also from the relay. */
@Injectable()
export class SessionApprovals {
  private readonly api = inject(ApprovalsApi);
  private readonly asking = signal<AskingSession | null>(null);
  private readonly list = new PagedList<ApprovalView>(async (cursor) => {
    const { approvals, nextCursor } = await this.api.list(this.asking()?.sessionId() ?? '', cursor);
    return { items: approvals, nextCursor };
  });
  // A conversation changes with every frame of a stream; these two only when their own subject does.
  private readonly approvals = computed(() => this.asking()?.conversation()?.approvals);
  private readonly window = computed(() => this.asking()?.conversation()?.window);

  readonly problem = this.list.problem;
  readonly isLoading = this.list.isLoading;
  readonly hasMore = this.list.hasMore;
  /** The newest first. */
  readonly waiting = computed((): readonly ApprovalRequest[] =>
    [...(this.approvals()?.values() ?? [])].map(({ request }) => request).reverse(),
  );
  /** The last answered first; null before the relay has answered. */
  readonly answered = computed((): readonly AnsweredApproval[] | null => {
    const read = this.list.items();
    if (read === null) return null;
    const all = new Map(read.flatMap((view) => answeredOf(view)));
    const { older = [], tail = [] } = this.window() ?? {};
    // Including those out of sight because the reader is elsewhere.
    for (const item of [...older, ...tail])
      if (item.kind === 'approval') all.set(item.approval.approvalId, { approval: item.approval, seq: item.seq });
    return [...all.values()].sort((a, b) => b.approval.settledAt.localeCompare(a.approval.settledAt));
  });
  /** By their ids. */
  readonly waitingIds = computed(() => this.waiting().map(({ approvalId }) => approvalId), {
    equal: (a, b) => a.join() === b.join(),
  });
  /** The card to scroll to and focus, for as long as it waits. */
  private readonly shown = linkedSignal<string[], string | null>({
    source: this.waitingIds,
    computation: (ids, before) => (before?.value != null && ids.includes(before.value) ? before.value : null),
  });
  readonly wanted = this.shown.asReadonly();
  /** The one visited last; reset when one comes or goes. */
  private readonly visited = linkedSignal<string[], string | null>({
    source: this.waitingIds,
    computation: () => null,
  });

  /** Whose questions they are. */
  of(session: AskingSession): void {
    this.asking.set(session);
  }

  reload(): void {
    void this.list.reload();
  }

  loadMore(): void {
    void this.list.loadMore();
  }

  /** Its card scrolls into sight and takes the focus. */
  reveal(approvalId: string): void {
    this.visited.set(approvalId);
    this.shown.set(approvalId);
  }

  /** Goes to the newest, then to older ones, then around again unless `mayLeave`. @returns whether it went to one */
  revealNext(mayLeave = false): boolean {
    const ids = this.waitingIds();
    const at = ids.indexOf(this.visited() ?? '') + 1;
    const next = at === ids.length && mayLeave ? undefined : ids[at % ids.length];
    if (next !== undefined) this.reveal(next);
    return next !== undefined;
  }

  /** The card has the focus. */
  arrived(approvalId: string): void {
    if (this.shown() === approvalId) this.shown.set(null);
  }
}

function answeredOf({
  outcome,
  settledAt,
  answeredBy,
  scope,
  text,
  reason,
  seq,
  ...request
}: ApprovalView): [string, AnsweredApproval][] {
  if (outcome === null || settledAt === null) return [];
  const approval: SettledApproval = {
    role: 'approval',
    ...request,
    outcome,
    settledAt,
    ...(answeredBy !== null && { answeredBy }),
    ...(scope !== null && { scope }),
    ...(text !== null && { text }),
    ...(reason !== null && { reason }),
  };
  return [[request.approvalId, { approval, seq }]];
}
