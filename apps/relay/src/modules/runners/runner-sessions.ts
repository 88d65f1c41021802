import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { WorkerReport } from '@pizzapi/protocol';

/** What runners need of whoever keeps the sessions. */
export interface SessionsOfRunners {
  /** A daemon says how one of its workers fares. Resolves once that is stored. */
  reported(runnerId: string, report: WorkerReport): Promise<void>;
  /** How many sessions of each runner wait or run. */
  countOpen(runnerIds: readonly string[]): Promise<Map<string, number>>;
}

/** Where the sessions module hands itself in: it knows runners, so runners cannot import it. */
@Injectable()
export class RunnerSessions implements OnApplicationBootstrap {
  private sessions: SessionsOfRunners | null = null;

  register(sessions: SessionsOfRunners): void {
    this.sessions = sessions;
  }

  get port(): SessionsOfRunners {
    if (!this.sessions) throw new Error('No module has registered itself as the keeper of sessions.');
    return this.sessions;
  }

  /** Wrong wiring fails at boot. */
  onApplicationBootstrap(): void {
    void this.port;
  }
}
