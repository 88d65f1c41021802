import { computed, effect, inject, Injectable, signal, untracked } from '@angular/core';
import type { BranchPoint, ForkView } from '@pizzapi/protocol';
import { asProblem } from '../../../core/api/api-problem';
import { SessionsApi } from '../../../core/api/sessions-api';
import type { Conversation } from '../conversation/conversation';
import { visibleItems } from '../conversation/transcript-window';

/** Where a message stands among those that were said in its place. */
export interface BranchPlace {
  /** From 1. */
  readonly index: number;
  readonly count: number;
  /** First entries of the neighbours; null at the ends. */
  readonly previous: string | null;
  readonly next: string | null;
}

/** Which session the branches belong to. */
export interface BranchedPage {
  readonly conversation: () => Conversation | undefined;
  /** Whether the branch may be changed now. */
  readonly isChangeable: () => boolean;
}

/** The relay's projection lags a moment behind the event. */
const ASK_AGAIN_MS = 150;
const TRIES = 20;

/** The branches of the session that is open: where its conversation has another way, and going there. */
@Injectable()
export class SessionBranches {
  private readonly api = inject(SessionsApi);
  private readonly forks = signal<readonly ForkView[]>([]);
  private readonly failure = signal<string | null>(null);
  private readonly page = signal<BranchedPage | null>(null);
  private sessionId = (): string => '';
  private request = 0;

  readonly problem = this.failure.asReadonly();
  private readonly went = signal(0);
  /** Counts how often this person went to the end of a branch, which is then scrolled to. */
  readonly wentToEnd = this.went.asReadonly();
  /** Where the conversation has, or had, another way to go on. */
  readonly all = this.forks.asReadonly();
  readonly isChangeable = computed(() => this.page()?.isChangeable() ?? false);
  /** The ways on from where the conversation was taken back to. */
  readonly ahead = computed(() => this.forks().find(({ isAhead }) => isAhead) ?? null);
  private readonly places = computed(() => new Map(this.forks().flatMap(placesOf)));

  /** The event up to which the forks have to be known; 0 if there never was another branch. */
  private readonly needed = computed(() => {
    const conversation = this.page()?.conversation();
    if (conversation === undefined || conversation.branchSeq === 0) return 0;
    // A new message in the place of another one makes a fork.
    const lastUser = visibleItems(conversation.window).findLast(({ kind }) => kind === 'user');
    return Math.max(conversation.branchSeq, lastUser?.seq ?? 0);
  });

  constructor() {
    effect(() => {
      const needed = this.needed();
      if (needed > 0) untracked(() => void this.read(needed));
    });
  }

  /** Made ready by the page. */
  of(sessionId: () => string, page: BranchedPage): void {
    this.sessionId = sessionId;
    this.page.set(page);
  }

  placeOf(entryId: string): BranchPlace | null {
    return this.places().get(entryId) ?? null;
  }

  /** Every viewer of the session follows. */
  async change(entryId: string, at: BranchPoint): Promise<boolean> {
    this.failure.set(null);
    try {
      await this.api.changeBranch(this.sessionId(), entryId, at);
      if (at === 'end') this.went.update((count) => count + 1);
      return true;
    } catch (error) {
      this.failure.set(asProblem(error).message);
      return false;
    }
  }

  private async read(needed: number): Promise<void> {
    const request = (this.request += 1);
    for (let tries = 0; tries < TRIES && request === this.request; tries++) {
      try {
        const { forks, lastSeq } = await this.api.branches(this.sessionId());
        if (request !== this.request) return;
        this.forks.set(forks);
        if (lastSeq >= needed) return;
      } catch (error) {
        // The conversation itself is shown; the next change asks again.
        console.warn('The branches could not be read:', asProblem(error).message);
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    }
  }
}

function placesOf({ branches }: ForkView): [string, BranchPlace][] {
  if (branches.length < 2) return [];
  return branches.map(({ entryId }, at) => [
    entryId,
    {
      index: at + 1,
      count: branches.length,
      previous: branches[at - 1]?.entryId ?? null,
      next: branches[at + 1]?.entryId ?? null,
    },
  ]);
}
