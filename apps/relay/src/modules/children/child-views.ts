import { Injectable } from '@nestjs/common';
import type { ChildRunnerView, ChildView, SessionView } from '@pizzapi/protocol';
import { RunnerAccess, RunnerViews } from '../runners/index.js';
import { type SessionEntity, SessionTreeRepository, SessionViews } from '../sessions/index.js';

/** What an agent's tools show of its children, and of where it may start some. */
@Injectable()
export class ChildViews {
  constructor(
    private readonly tree: SessionTreeRepository,
    private readonly views: SessionViews,
    private readonly runners: RunnerAccess,
    private readonly runnerViews: RunnerViews,
  ) {}

  async ofAll({ sessionId }: SessionEntity): Promise<ChildView[]> {
    return (await this.views.forMany(await this.tree.childrenOf(sessionId))).map(childView);
  }

  async of(sessionId: string): Promise<ChildView[]> {
    return (await this.views.byIds([sessionId])).map(childView);
  }

  /** All that the session's owner may use. */
  async runnersFor({ ownerId }: SessionEntity): Promise<ChildRunnerView[]> {
    const found = await this.runnerViews.byIds(await this.runners.idsOf({ userId: ownerId }));
    return found.map(({ runner: { runnerId, name, online, platform, roots } }) => ({
      runnerId,
      name,
      online,
      platform,
      roots: [...roots],
    }));
  }
}

function childView({ failure, usage, ...session }: SessionView): ChildView {
  const { sessionId, name, runnerId, cwd, model, status, activity, isConnected } = session;
  const view = { sessionId, name, runnerId, cwd, model, status, activity, isConnected };
  return { ...view, failure: failure?.detail ?? null, costUsd: usage?.costUsd ?? 0 };
}
