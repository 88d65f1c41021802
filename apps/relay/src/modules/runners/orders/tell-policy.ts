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

/** That nobody here understands the policy is news, too: what its runners were told last goes on. */
export type PolicyNews = PolicyNotice | UnknownPolicy;
type PolicyFeed = Pick<WakeFeed<PolicyNews>, 'start' | 'stop'>;
const NOT_UNDERSTOOD = 'not understood';

/** Keeps connected daemons told of what their organisation says of its agents. */
@Injectable()
export class TellPolicy {
  constructor(
    private readonly runners: RunnerRepository,
    private readonly policies: AgentPolicies,
    private readonly channels: Channels,
    private readonly logger: PinoLogger,
  ) {}

  /** What holds now, then what holds after each change. A runner that is nobody's yet is told once it is somebody's. */
  feed(runnerId: string, send: (news: PolicyNews) => void): PolicyFeed {
    let feed: WakeFeed<PolicyNews> | null = null;
    let isStopped = false;
    // A relay that was killed between the change and its notice has woken nobody.
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
        // Before it is looked who has it, so that nothing is missed in between.
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
