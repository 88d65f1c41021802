import type { PolicyNotice } from '@pizzapi/protocol';
import type { Logger } from '../logging/logger.js';
import type { OpenedAgent } from './agent-session.js';

/**
 * Makes a running session follow its organisation's policy: one change after the other, the latest at last. Where this process cannot hold it,
 * it ends, and the daemon starts another one with that policy.
 */
export class PolicyFollower {
  private follow: OpenedAgent['followPolicy'] | null = null;
  private wanted: PolicyNotice | null = null;
  private isFollowing = false;

  /** @param policyAt of the policy that the session was opened with */
  constructor(
    private policyAt: string | null,
    private readonly logger: Logger,
    private readonly startAnew: () => void,
  ) {}

  /** The daemon says what holds; also before the session is open. */
  changed(notice: PolicyNotice): void {
    this.wanted = notice;
    void this.catchUp();
  }

  /** The session is open. */
  begin(follow: OpenedAgent['followPolicy']): void {
    this.follow = follow;
    void this.catchUp();
  }

  private async catchUp(): Promise<void> {
    if (this.isFollowing) return;
    this.isFollowing = true;
    while (this.follow && this.wanted && this.wanted.policyAt !== this.policyAt) {
      const notice: PolicyNotice = this.wanted;
      const isHeld = await this.follow(notice).catch((error: unknown) => {
        this.logger.error({ err: error }, 'a changed policy could not be followed');
        return false;
      });
      this.policyAt = notice.policyAt;
      this.logger.info({ policyAt: notice.policyAt, isHeld }, 'the policy has changed');
      if (!isHeld) {
        this.follow = null;
        this.startAnew();
      }
    }
    this.isFollowing = false;
  }
}
