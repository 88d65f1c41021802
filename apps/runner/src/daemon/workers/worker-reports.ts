import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ProblemCode, type WorkerReport } from '@pizzapi/protocol';
import { errorText, type Logger } from '../../logging/logger.js';
import { isAlive } from '../../worker-state/process-table.js';
import type { WorkerState } from '../../worker-state/worker-state.js';
import { WorkerStateStore } from '../../worker-state/worker-state.store.js';
import { RelayConnection } from '../relay/relay-connection.js';
import { InjectLogger } from '../settings/settings.module.js';

/** Tells the relay where each session stands: on every change, and all of them on every connection. */
@Injectable()
export class WorkerReports implements OnModuleInit {
  constructor(
    @InjectLogger() private readonly logger: Logger,
    private readonly store: WorkerStateStore,
    private readonly relay: RelayConnection,
  ) {}

  onModuleInit(): void {
    this.relay.socket?.on('connect', () => void this.reportAll());
  }

  private async reportAll(): Promise<void> {
    try {
      await Promise.all(this.store.list().map((state) => this.report(state)));
    } catch (error) {
      this.logger.error(
        { reason: errorText(error) },
        'cannot read which sessions there are; they are reported on the next connection',
      );
    }
  }

  /** Never rejects. Reports a state. An end is forgotten once the relay has it; everything else is reported again on connect. */
  async report(state: WorkerState): Promise<void> {
    try {
      const report = reportOf(state);
      if (!report || !this.relay.isConnected) return;
      const answer = await this.relay.report(report);
      const isTaken = answer.ok || answer.problem.code === ProblemCode.notFound;
      if (isTaken && isOver(state)) this.forget(state);
      if (!answer.ok) this.logger.warn({ ...answer.problem, sessionId: state.sessionId }, 'the relay refused a report');
    } catch (error) {
      this.logger.warn(
        { sessionId: state.sessionId, reason: errorText(error) },
        'a report is sent again on the next connection',
      );
    }
  }

  private forget(reported: WorkerState): void {
    const now = this.store.find(reported.sessionId);
    // It may have been resumed meanwhile.
    if (now && isOver(now)) this.store.remove(reported.sessionId);
  }
}

function isOver(state: WorkerState): boolean {
  return state.phase === 'ended' || state.phase === 'failed';
}

function reportOf(state: WorkerState): WorkerReport | null {
  const { cwd, failure, epoch } = state;
  // A session that this runner knows nothing of has no epoch.
  const about = { sessionId: state.sessionId, ...(epoch > 0 && { epoch }) };
  if (state.phase === 'ended') return { ...about, state: 'ended' };
  if (state.phase === 'failed') return { ...about, state: 'failed', ...(failure && { failure }) };
  if (state.phase === 'paused') return { ...about, state: 'paused' };
  if (state.phase === 'stopping') return null;
  if (state.process && isAlive(state.process)) return state.hasOpened ? { ...about, state: 'started', cwd } : null;
  return failure ? { ...about, state: 'restarting', failure } : null;
}
