import { Injectable } from '@nestjs/common';
import type { RunnerView } from '@pizzapi/protocol';
import { Presence } from '../../platform/sockets/presence.js';
import { offerOf } from './offers/runner-offers.js';
import { RunnerSessions } from './runner-sessions.js';
import type { RunnerEntity } from './runner.entity.js';
import { RunnerRepository } from './runner.repository.js';

/** Runners as REST and the hub show them: the row, who is attached, what runs there. */
@Injectable()
export class RunnerViews {
  constructor(
    private readonly runners: RunnerRepository,
    private readonly presence: Presence,
    private readonly sessions: RunnerSessions,
  ) {}

  async of(runner: RunnerEntity): Promise<RunnerView> {
    return this.view(runner, await this.facts([runner.runnerId]));
  }

  async ofMany(runners: readonly RunnerEntity[]): Promise<RunnerView[]> {
    const facts = await this.facts(runners.map(({ runnerId }) => runnerId));
    return runners.map((runner) => this.view(runner, facts));
  }

  /** Those that exist, with their owner, for whoever has to tell the owner. */
  async byIds(runnerIds: readonly string[]): Promise<{ ownerId: string | null; runner: RunnerView }[]> {
    const runners = await this.runners.findMany(runnerIds);
    const facts = await this.facts(runners.map(({ runnerId }) => runnerId));
    return runners.map((runner) => ({ ownerId: runner.ownerId, runner: this.view(runner, facts) }));
  }

  private async facts(runnerIds: readonly string[]): Promise<Facts> {
    const [holders, openSessions] = await Promise.all([
      this.presence.holdersOf('runners', runnerIds),
      this.sessions.port.countOpen(runnerIds),
    ]);
    return { isOnline: (id) => holders.has(id), sessionCount: (id) => openSessions.get(id) ?? 0 };
  }

  private view(runner: RunnerEntity, facts: Facts): RunnerView {
    const { runnerId, platform, version, roots, sandboxGap, lastSeenAt } = runner;
    const isOnline = facts.isOnline(runnerId);
    const { services, panels, triggerDefs, sigilDefs } = offerOf(runner, isOnline);
    return {
      runnerId,
      name: runner.givenName ?? runner.name,
      online: isOnline,
      platform,
      version,
      roots,
      sandboxGap,
      sessionCount: facts.sessionCount(runnerId),
      lastSeenAt: lastSeenAt?.toISOString() ?? null,
      services,
      panels,
      triggerDefs,
      sigilDefs,
    };
  }
}

interface Facts {
  isOnline: (runnerId: string) => boolean;
  sessionCount: (runnerId: string) => number;
}
