import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { WorkerReport } from '@pizzapi/protocol';

/** What this module needs of the sessions module. */
export interface SessionsOfRunners {
  /** A daemon reports on one of its workers. Resolves once the report is stored. */
  reported(runnerId: string, report: WorkerReport): Promise<void>;
  /** Which of these sessions a worker runs, or may yet run. */
  openAmong(sessionIds: readonly string[]): Promise<Set<string>>;
  /** How many sessions of each runner are open. */
  countOpen(runnerIds: readonly string[]): Promise<Map<string, number>>;
}

/** Where the sessions module registers itself. It imports this module, so this one cannot import it. */
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
