import type { PolicyNotice, UnknownPolicy } from '@pizzapi/protocol';
import type { Logger } from '../logging/logger.js';
import type { OpenedAgent, PolicyHold } from './agent-session.js';

/** Says when another process has to take this one's place to enforce the policy: see {@link PolicyHold}. */
export type StartAnew = (when: 'now' | 'at-rest' | 'never') => void;

const WHEN = { held: 'never', anew: 'now', 'anew-at-rest': 'at-rest' } as const satisfies Record<PolicyHold, string>;

/**
 * Applies changes of the organisation's policy to a running session, one after the other; of those that come meanwhile only the latest counts.
 * Where this process cannot enforce it, it ends, and the daemon starts another one with that policy.
 */
export class PolicyFollower {
  private session: Pick<OpenedAgent, 'followPolicy' | 'keepPolicy'> | null = null;
  private wanted: PolicyNotice | null = null;
  /** Set while the newest policy is one that is not understood. */
  private unknown: UnknownPolicy | null = null;
  private isFollowing = false;

  /** @param policyAt of the policy that the session was opened with */
  constructor(
    private policyAt: string | null,
    private readonly logger: Logger,
    private readonly startAnew: StartAnew,
  ) {}

  /** The daemon says what holds; also before the session is open. */
  changed(notice: PolicyNotice): void {
    this.wanted = notice;
    this.unknown = null;
    void this.catchUp();
  }

  /** There is a newer policy that this version does not understand. The session goes on with the one it has. */
  notUnderstood(news: UnknownPolicy): void {
    this.unknown = news;
    if (!this.isFollowing) this.session?.keepPolicy(news);
  }

  /** The session is open. */
  begin(session: Pick<OpenedAgent, 'followPolicy' | 'keepPolicy'>): void {
    this.session = session;
    if (this.unknown) session.keepPolicy(this.unknown);
    void this.catchUp();
  }

  private async catchUp(): Promise<void> {
    if (this.isFollowing) return;
    this.isFollowing = true;
    while (this.session && this.wanted && this.wanted.policyAt !== this.policyAt) {
      const notice: PolicyNotice = this.wanted;
      const hold = await this.session.followPolicy(notice).catch((error: unknown) => {
        this.logger.error({ err: error }, 'a changed policy could not be followed');
        return 'anew' as const;
      });
      this.policyAt = notice.policyAt;
      this.logger.info({ policyAt: notice.policyAt, hold }, 'the policy has changed');
      if (hold === 'anew') this.session = null;
      this.startAnew(WHEN[hold]);
      // It may have come while this one was being applied.
      if (this.unknown) this.session?.keepPolicy(this.unknown);
    }
    this.isFollowing = false;
  }
}
