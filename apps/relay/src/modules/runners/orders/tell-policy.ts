import { Injectable } from '@nestjs/common';
import { type PolicyNotice, ProblemCode, type UnknownPolicy } from '@pizzapi/protocol';
import { PinoLogger } from 'nestjs-pino';
import { ProblemError } from '../../../platform/http/problem.error.js';
import { Channels } from '../../../platform/redis/channels.js';
import { NEVER_CHANGED, organisationKeys, runnerKeys } from '../../../platform/redis/keys.js';
import { WakeFeed } from '../../../platform/streams/wake-feed.js';
import { AgentPolicies } from '../../orgs/index.js';
import { RunnerRepository } from '../runner.repository.js';

const READ_AGAIN_MS = 60_000;

/** Runners are also told when this version does not understand the policy: the one that they know then stays in force. */
export type PolicyNews = PolicyNotice | UnknownPolicy;
type PolicyFeed = Pick<WakeFeed<PolicyNews>, 'start' | 'stop'>;
const NOT_UNDERSTOOD = 'not understood';

/** Keeps connected daemons informed of their organisation's policy for its agents. */
@Injectable()
export class TellPolicy {
  constructor(
    private readonly runners: RunnerRepository,
    private readonly policies: AgentPolicies,
    private readonly channels: Channels,
    private readonly logger: PinoLogger,
  ) {}

  /** Sends the present policy, and then each new one. A runner without an owner is sent it once it has one. */
  feed(runnerId: string, send: (news: PolicyNews) => void): PolicyFeed {
    let feed: WakeFeed<PolicyNews> | null = null;
    let isStopped = false;
    // A relay may have been killed between a change and its announcement.
    const again = setInterval(() => feed?.wake(), READ_AGAIN_MS).unref();
    let endWaiting = (): void => undefined;
    const begin = async (): Promise<void> => {
      const organisationId = (await this.runners.find(runnerId))?.organisationId ?? null;
      if (organisationId === null || isStopped || feed) return;
      feed = this.feedOf(organisationId, send);
      endWaiting();
      await feed.start();
    };
    const beginLater = (): void =>
      void begin().catch((error: unknown) =>
        this.logger.warn({ err: error, runnerId }, 'A runner is told of its policy with its next connection'),
      );
    const adopted = { onMessage: beginLater, onGap: beginLater };
    return {
      start: async () => {
        // Before looking for an owner, so that an adoption in between is not missed.
        endWaiting = await this.channels.subscribe(runnerKeys.adopted(runnerId), adopted);
        await begin();
        if (isStopped) endWaiting();
      },
      stop: () => {
        isStopped = true;
        clearInterval(again);
        endWaiting();
        feed?.stop();
      },
    };
  }

  private feedOf(organisationId: string, send: (news: PolicyNews) => void): WakeFeed<PolicyNews> {
    return new WakeFeed<PolicyNews>(
      {
        channel: organisationKeys.agentPolicy(organisationId),
        readAfter: async (told) => {
          const news = await this.read(organisationId);
          const version = 'policyAt' in news ? (news.policyAt ?? NEVER_CHANGED) : NOT_UNDERSTOOD;
          return version === told ? { items: [], last: null } : { items: [news], last: version };
        },
        send: (items) => items.forEach(send),
        onError: (error) => this.logger.warn({ err: error, organisationId }, 'Reading an agent policy failed'),
      },
      this.channels,
    );
  }

  private async read(organisationId: string): Promise<PolicyNews> {
    try {
      const found = await this.policies.find(organisationId);
      return { policy: found?.policy ?? null, policyAt: found?.updatedAt.toISOString() ?? null };
    } catch (error) {
      if (!(error instanceof ProblemError && error.code === ProblemCode.policyUnknown)) throw error;
      this.logger.error({ organisationId, code: error.code }, 'Runners are not told of a policy');
      return { detail: error.message };
    }
  }
}
