import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { ProblemCode, type RunnerOrder, type SessionFailure } from '@pizzapi/protocol';
import type { RunnerConfig } from '../../config/runner-config.js';
import { shortageOf } from '../../files/shortage.js';
import { errorText, type Logger } from '../../logging/logger.js';
import { RequestRefusedError } from '../../relay-link/answering.js';
import { Backoff } from '../../retry/backoff.js';
import { areGone, endLeftovers, endProcesses, endWorkers } from '../../worker-state/end-processes.js';
import { bootId, isAlive } from '../../worker-state/process-table.js';
import { readOutcome } from '../../worker-state/worker-outcome.file.js';
import type { ProcessIdentity, WorkerState } from '../../worker-state/worker-state.js';
import { WorkerStateStore } from '../../worker-state/worker-state.store.js';
import { ControlServer } from '../control/control-server.js';
import { movedFolder, resolveWorkspaceFolder } from '../folders/workspace-roots.js';
import { InjectConfig, InjectLogger } from '../settings/settings.module.js';
import { judgeExit } from './judge-exit.js';
import { KeyedQueue } from '../turns/keyed-queue.js';
import { PolicyKeeper } from './policy-keeper.js';
import { decideRestart } from './restart-policy.js';
import { SessionFiles } from './session-files.js';
import { StartSlots } from '../turns/start-slots.js';
import { WorkerReports } from './worker-reports.js';
import { WorkerStarter } from './worker-starter.js';
import { WorkerWatch } from './worker-watch.js';

type SpawnOrder = Extract<RunnerOrder, { order: 'spawn' }>;

const STOP_GRACE_MS = 8_000;
const FOLLOW_UP_PAUSES = { firstMs: 1_000, maxMs: 60_000 };
/** A worker that has not opened its session by then is taken to hang, and keeps no other waiting for its slot. */
const START_PATIENCE_MS = 60_000;

/** Starts, stops and restarts all workers. What concerns one session runs strictly in sequence. */
@Injectable()
export class WorkersService implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  private readonly queue = new KeyedQueue();
  private readonly restartTimers = new Map<string, NodeJS.Timeout>();
  private readonly followUps = new Set<NodeJS.Timeout>();
  private readonly watch = new WorkerWatch((sessionId, identity) => this.onGone(sessionId, identity));
  private readonly slots: StartSlots;
  private isShuttingDown = false;

  constructor(
    @InjectConfig() private readonly config: RunnerConfig,
    @InjectLogger() private readonly logger: Logger,
    private readonly store: WorkerStateStore,
    private readonly reports: WorkerReports,
    private readonly control: ControlServer,
    private readonly starter: WorkerStarter,
    private readonly files: SessionFiles,
    private readonly policies: PolicyKeeper,
  ) {
    this.slots = new StartSlots(config.maxWorkerStarts, START_PATIENCE_MS);
  }

  onModuleInit(): void {
    this.control.onOpened((sessionId, cwd) => this.inBackground(sessionId, () => this.opened(sessionId, cwd)));
  }

  /** Adopts the workers that outlived the last daemon, and brings back the sessions whose worker is gone. */
  onApplicationBootstrap(): void {
    for (const { sessionId, phase, process } of this.store.list()) {
      if (phase === 'ended' || phase === 'failed' || phase === 'paused') continue;
      if (process && isAlive(process)) {
        this.logger.info({ sessionId, workerPid: process.pid }, 'adopted a worker');
        this.watch.add(sessionId, process);
        if (phase === 'stopping') this.inBackground(sessionId, () => this.stop(sessionId));
      } else {
        this.onGone(sessionId, process);
      }
    }
  }

  async onModuleDestroy(): Promise<void> {
    this.isShuttingDown = true;
    this.slots.close();
    this.watch.close();
    for (const timer of [...this.restartTimers.values(), ...this.followUps]) clearTimeout(timer);
    await endWorkers(this.store.list(), STOP_GRACE_MS);
  }

  /** Starts a session's worker, or does nothing where it has one. What cannot be started is reported as failed. */
  async spawn(order: SpawnOrder): Promise<void> {
    await this.queue.run(order.sessionId, async () => {
      const known = this.store.find(order.sessionId);
      if (known?.phase === 'active') {
        if (!this.isPausing(known)) return this.reports.report(known);
        await this.untilGone(known);
      }
      const state = this.starter.newState(order, known);
      await this.startOrFail(state);
    });
  }

  /** Reports that a session cannot be started. One that runs goes on. */
  async refuse(sessionId: string, failure: SessionFailure): Promise<void> {
    await this.queue.run(sessionId, async () => {
      const known = this.store.find(sessionId);
      if (known?.phase !== 'active')
        await this.settleAs({ ...this.starter.nextState(sessionId, known), failure }, 'failed');
    });
  }

  /** Ends a session's worker; returns when it is gone. */
  async stop(sessionId: string): Promise<void> {
    await this.endInTurn(sessionId, async () => {
      const known = this.store.find(sessionId) ?? this.starter.unknownState(sessionId);
      await this.endWorker(known);
      await this.settleAs(known, 'ended');
    });
  }

  /** Ends a session's worker and removes its file, its log and what the runner remembers. */
  async delete(sessionId: string): Promise<void> {
    await this.endInTurn(sessionId, async () => {
      const known = this.store.find(sessionId);
      if (known) await this.endWorker(known);
      await this.files.remove(sessionId);
      this.store.remove(sessionId);
    });
  }

  /** Cancels a start of the same session that still waits for a slot, so that the end does not wait behind it. */
  private async endInTurn(sessionId: string, end: () => Promise<void>): Promise<void> {
    const begin = this.slots.withdraw(sessionId);
    await this.queue.run(sessionId, () => {
      begin();
      return end();
    });
  }

  private async opened(sessionId: string, cwd: string): Promise<void> {
    this.slots.opened(sessionId);
    const state = this.store.update(sessionId, { hasOpened: true, cwd, failure: undefined });
    if (!state) return;
    this.policies.tell(state);
    await this.reports.report(state);
  }

  private async start(state: WorkerState): Promise<void> {
    const slot = await this.slots.take(state.sessionId);
    if (slot === null) {
      // Either the session is being stopped, or the runner is; with the next runner it comes back.
      this.store.save(state);
      return;
    }
    try {
      const { identity, child } = await this.starter.start(state);
      this.watch.add(state.sessionId, identity, child);
      child.once('exit', slot);
      if (child.exitCode !== null || child.signalCode !== null) slot();
    } catch (error) {
      slot();
      throw error;
    }
  }

  /** Whether its worker has decided to unload itself: it takes nothing any more, though its process may still run. */
  private isPausing({ sessionId, epoch }: WorkerState): boolean {
    return readOutcome(this.config.layout.workerStateDir, sessionId, epoch)?.reason === 'paused';
  }

  private async untilGone({ process }: WorkerState): Promise<void> {
    if (process && !(await areGone([process], STOP_GRACE_MS))) await endProcesses([process], STOP_GRACE_MS / 2);
  }

  private async endWorker(state: WorkerState): Promise<void> {
    clearTimeout(this.restartTimers.get(state.sessionId));
    const { sessionId, process } = state;
    if (process && isAlive(process)) {
      this.store.save({ ...state, phase: 'stopping' });
      const wasTold = this.control.tellToStop(sessionId);
      if (!wasTold || !(await areGone([process], STOP_GRACE_MS))) await endProcesses([process], STOP_GRACE_MS / 2);
    }
    await endLeftovers(sessionId);
  }

  private onGone(sessionId: string, identity: ProcessIdentity | null): void {
    if (this.isShuttingDown) return;
    this.inBackground(sessionId, () => this.queue.run(sessionId, () => this.settle(sessionId, identity)));
  }

  /**
   * What nobody waits for. It may fail, as where the disk is full, without the daemon and with it all other sessions; then it is done again.
   * @param task finds out anew what is to be done, each time
   */
  private inBackground(sessionId: string, task: () => Promise<void>, pauses = new Backoff(FOLLOW_UP_PAUSES)): void {
    task().catch((error: unknown) => {
      this.logger.error({ sessionId, err: error }, 'could not follow up on a worker; trying again');
      if (this.isShuttingDown) return;
      const timer = setTimeout(() => {
        this.followUps.delete(timer);
        this.inBackground(sessionId, task, pauses);
      }, pauses.nextMs());
      this.followUps.add(timer);
    });
  }

  /** Decides what follows from the end of a worker. */
  private async settle(sessionId: string, identity: ProcessIdentity | null): Promise<void> {
    const state = this.store.find(sessionId);
    const isCurrent =
      state && (state.phase === 'active' || state.phase === 'stopping') && samePid(state.process, identity);
    if (!isCurrent || this.isShuttingDown) return;
    const outcome = readOutcome(this.config.layout.workerStateDir, sessionId, state.epoch);
    const judged = judgeExit(state, outcome, bootId());
    this.logger.info({ sessionId, workerPid: identity?.pid, verdict: judged.verdict }, 'a worker ended');
    await endLeftovers(sessionId);
    switch (judged.verdict) {
      case 'ended':
        return this.settleAs(state, 'ended');
      case 'paused':
        return this.settleAs(state, 'paused');
      case 'failed':
        return this.settleAs({ ...state, failure: judged.failure }, 'failed');
      case 'forget':
        return this.store.remove(sessionId);
      case 'start-again':
        return this.startOrFail(state);
      case 'crashed':
        return this.restart(state, {
          code: ProblemCode.workerCrashed,
          detail: "The session's worker process ended unexpectedly.",
        });
    }
  }

  private async restart(state: WorkerState, failure: SessionFailure): Promise<void> {
    const decision = decideRestart(state.restarts, Date.now());
    if (!decision.isAllowed) {
      const detail = `${failure.detail} It was started again three times within ten minutes; resume the session to try once more.`;
      return this.settleAs({ ...state, failure: { ...failure, detail } }, 'failed');
    }
    const restarting = { ...state, process: null, restarts: decision.restarts, failure };
    this.store.save(restarting);
    void this.reports.report(restarting);
    const { sessionId } = state;
    const again = (): void => {
      this.restartTimers.delete(sessionId);
      this.inBackground(sessionId, () => this.queue.run(sessionId, () => this.startAgain(sessionId)));
    };
    this.restartTimers.set(sessionId, setTimeout(again, decision.delayMs));
  }

  private async startAgain(sessionId: string): Promise<void> {
    const state = this.store.find(sessionId);
    if (state?.phase === 'active' && state.process === null) await this.startOrFail(state);
  }

  private async startOrFail(state: WorkerState): Promise<void> {
    try {
      await this.start({ ...state, cwd: await this.folderOf(state) });
    } catch (error) {
      await this.cannotStart(state, error);
    }
  }

  /** @throws RequestRefusedError */
  private async folderOf({ cwd, isFolderReal }: WorkerState): Promise<string> {
    const folder = await resolveWorkspaceFolder(cwd, this.config.workspaceRoots);
    if (isFolderReal && folder !== cwd) throw movedFolder(cwd, folder);
    return folder;
  }

  /** What the machine has none left of may be there again in a moment; anything else would be in the way of the next start, too. */
  private async cannotStart(state: WorkerState, error: unknown): Promise<void> {
    const code = error instanceof RequestRefusedError ? error.code : ProblemCode.workerStartFailed;
    const missing = shortageOf(error);
    if (missing === null) return this.settleAs({ ...state, failure: { code, detail: errorText(error) } }, 'failed');
    const detail = `The machine has no more ${missing}, so the session's worker process was not started.`;
    this.logger.error({ sessionId: state.sessionId, err: error }, detail);
    return this.restart(state, { code, detail });
  }

  private async settleAs(state: WorkerState, phase: 'ended' | 'failed' | 'paused'): Promise<void> {
    const settled = { ...state, phase, process: null };
    this.store.save(settled);
    await this.reports.report(settled);
  }
}

function samePid(a: ProcessIdentity | null, b: ProcessIdentity | null): boolean {
  return a?.pid === b?.pid && a?.startedAt === b?.startedAt;
}
