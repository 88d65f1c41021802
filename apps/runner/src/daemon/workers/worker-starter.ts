import type { ChildProcess } from 'node:child_process';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { RunnerOrder } from '@pizzapi/protocol';
import type { RunnerConfig } from '../../config/runner-config.js';
import { createStartSecret } from '../../control/start-secret.js';
import { errorText, type Logger } from '../../logging/logger.js';
import { nextEpoch } from '../../worker-state/epoch.js';
import { endLeftovers } from '../../worker-state/end-processes.js';
import { bootId } from '../../worker-state/process-table.js';
import type { WorkerBoot } from '../../worker-state/worker-boot.js';
import { removeOutcome } from '../../worker-state/worker-outcome.file.js';
import type { ProcessIdentity, WorkerState } from '../../worker-state/worker-state.js';
import { WorkerStateStore } from '../../worker-state/worker-state.store.js';
import { RunnerIdentity } from '../identity/runner-identity.js';
import { InjectConfig, InjectLogger } from '../settings/settings.module.js';
import { launchWorker } from './launch-worker.js';
import { WorkerLogs } from './worker-logs.js';

const LOG_CHECK_MS = 60_000;

/** Makes worker states and turns them into processes. */
@Injectable()
export class WorkerStarter implements OnModuleDestroy {
  private readonly logTimer = setInterval(() => this.capLogs(), LOG_CHECK_MS);

  constructor(
    @InjectConfig() private readonly config: RunnerConfig,
    @InjectLogger() private readonly logger: Logger,
    private readonly identity: RunnerIdentity,
    private readonly store: WorkerStateStore,
    private readonly logs: WorkerLogs,
  ) {
    this.logTimer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.logTimer);
  }

  newState(order: Extract<RunnerOrder, { order: 'spawn' }>, known: WorkerState | undefined): WorkerState {
    return {
      ...this.nextState(order.sessionId, known),
      phase: 'active',
      cwd: order.cwd ?? this.config.workspaceRoots[0] ?? '/',
      ...(order.isFolderReal && { isFolderReal: true }),
      ...(order.frame && { frame: order.frame }),
      ...(order.model && { model: order.model }),
      ...(order.name !== undefined && { name: order.name }),
      ...(order.forkOf && { forkOf: order.forkOf }),
      ...(order.policy && { policy: order.policy }),
      ...(order.policyAt !== undefined && { policyAt: order.policyAt }),
      isResume: order.isResume,
    };
  }

  /** Gets a new epoch even where no worker is started from it, so that a report about it cannot pass for one about an earlier order. */
  nextState(sessionId: string, known: WorkerState | undefined): WorkerState {
    return { ...this.unknownState(sessionId), epoch: nextEpoch(known?.epoch ?? 0) };
  }

  /** Stands for a session that this runner does not know, or no longer knows: one that has ended. */
  unknownState(sessionId: string): WorkerState {
    return {
      sessionId,
      cwd: '',
      isResume: false,
      phase: 'ended',
      epoch: 0,
      secretHash: '',
      process: null,
      bootId: bootId(),
      hasOpened: false,
      restarts: [],
    };
  }

  /**
   * Saves the state before and after the start. A daemon that is killed in between leaves a worker that the state does
   * not know; the next start ends it as a leftover.
   */
  async start(state: WorkerState): Promise<{ identity: ProcessIdentity; child: ChildProcess }> {
    const { sessionId } = state;
    await endLeftovers(sessionId);
    const { secret, secretHash } = createStartSecret();
    const starting = { ...state, process: null, secretHash, epoch: nextEpoch(state.epoch), bootId: bootId() };
    this.store.save(starting);
    removeOutcome(this.config.layout.workerStateDir, sessionId);
    const launched = await this.logs.withLog(sessionId, (log) => launchWorker(this.bootOf(starting, secret), log));
    try {
      this.store.save({ ...starting, process: launched.identity });
    } catch (error) {
      launched.child.kill('SIGKILL'); // nobody would know it
      throw error;
    }
    return launched;
  }

  private bootOf(state: WorkerState, secret: string): WorkerBoot {
    const { sessionId, epoch, cwd, model, name, forkOf, policy, policyAt, frame } = state;
    return {
      sessionId,
      epoch,
      cwd,
      secret,
      home: this.config.layout.home,
      relayUrl: this.config.relayUrl ?? '',
      ...(model && { model }),
      ...(name !== undefined && { name }),
      ...(forkOf && { forkOf }),
      ...(policy && { policy }),
      ...(policyAt !== undefined && { policyAt }),
      ...(frame && { frame }),
      runnerId: this.identity.runnerId,
      isResume: state.isResume || state.hasOpened,
      hidden: this.config.hiddenFolders,
      maxToolOutputBytes: this.config.maxToolOutputBytes,
      ...(this.config.pauseAfterMs !== null && { pauseAfterMs: this.config.pauseAfterMs }),
    };
  }

  private capLogs(): void {
    try {
      for (const { sessionId } of this.store.list()) this.logs.cap(sessionId);
    } catch (error) {
      this.logger.error({ reason: errorText(error) }, 'cannot keep the logs of workers short');
    }
  }
}
