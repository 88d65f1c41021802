import { ProblemCode, type SessionFailure, type UnnumberedSessionEvent } from '@pizzapi/protocol';
import type { HomeLayout } from '../config/home-layout.js';
import { errorText, type Logger } from '../logging/logger.js';
import { problemCodeOf } from '../relay-link/answering.js';
import { within } from '../time-limit/within.js';
import { processesOfSession } from '../worker-state/process-table.js';
import type { WorkerBoot } from '../worker-state/worker-boot.js';
import { writeOutcome, type WorkerOutcome } from '../worker-state/worker-outcome.file.js';
import type { AgentSession, OpenedAgent } from './agent-session.js';
import { DaemonClient } from './daemon-client.js';
import { EntryRegister } from './entry-register.js';
import { EventOutbox } from './event-outbox.js';
import { RelaySession } from './relay-session.js';
import { PolicyFollower } from './policy-follower.js';
import { RestTimer } from './rest-timer.js';
import { RelayPorts } from './relay-requests/relay-ports.js';

type EndReason = WorkerOutcome['reason'];

const CLOSE_TIMEOUT_MS = 4_000;
const FLUSH_TIMEOUT_MS = 3_000;
/** Long enough to tell rest from the gap between two turns that follow one another. */
const QUIET_MS = 500;

export interface WorkerSessionOptions {
  boot: WorkerBoot;
  layout: HomeLayout;
  openAgent: (emit: (event: UnnumberedSessionEvent) => void, ports: RelayPorts) => Promise<OpenedAgent>;
  logger: Logger;
  exit: (code: number) => void;
}

/** One session from its start to its end: the agent, its events' way to the relay, and the line to the daemon. */
export class WorkerSession {
  private readonly outbox = new EventOutbox();
  private readonly ports = new RelayPorts();
  private readonly daemon: DaemonClient;
  private readonly rest: RestTimer;
  private readonly policy: PolicyFollower;
  /** Tells that nothing has happened for a moment. */
  private readonly quiet: RestTimer;
  private agent: AgentSession | undefined;
  private entries: EntryRegister | undefined;
  private relay: RelaySession | undefined;
  private isEnding = false;
  private startsAnewAtRest = false;

  constructor(private readonly options: WorkerSessionOptions) {
    const { boot, layout, logger } = options;
    this.rest = new RestTimer(boot.pauseAfterMs ?? null, () => void this.pause());
    this.quiet = new RestTimer(QUIET_MS, () => void this.startAnew());
    this.policy = new PolicyFollower(boot.policyAt ?? null, logger, (when) => {
      this.startsAnewAtRest = when === 'at-rest';
      if (when === 'now') void this.end('shutdown');
      this.quiet.begin();
    });
    this.daemon = new DaemonClient({
      runDir: layout.runDir,
      hello: { type: 'hello', sessionId: boot.sessionId, epoch: boot.epoch, secret: boot.secret },
      onStop: () => void this.end('stopped'),
      onPolicy: (notice) => this.policy.changed(notice),
      onUnknownPolicy: (news) => this.policy.notUnderstood(news),
      logger,
    });
  }

  async start(): Promise<void> {
    const { boot, logger, openAgent } = this.options;
    this.daemon.open();
    let opened: OpenedAgent;
    try {
      opened = await openAgent((event) => this.emit(event), this.ports);
      this.agent = opened.agent;
    } catch (error) {
      logger.error({ err: error }, 'the session cannot be opened');
      return this.end('failed', {
        code: problemCodeOf(error) ?? ProblemCode.workerStartFailed,
        detail: errorText(error),
      });
    }
    if (this.isEnding) return this.agent.close('shutdown');
    // Before the daemon hears of it, which may start the next worker then: their logs are in that order, too.
    logger.info({ sessionId: boot.sessionId, epoch: boot.epoch }, 'the session is open');
    this.open(this.agent);
    this.policy.begin(opened);
  }

  /** Unloads a session at rest. What comes while it decides stays with the relay, which orders the worker back for it. */
  async pause(): Promise<void> {
    if (!this.relay || this.isEnding) return;
    const takeOn = await this.relay.holdDeliveries();
    if (this.isAtRest && this.relay.isAttached) return this.end('paused');
    takeOn();
    this.rest.begin();
  }

  /** Makes way for another process, once the agent rests. Where it does not yet, its next event leads here again. */
  private async startAnew(): Promise<void> {
    if (!this.relay || this.isEnding || !this.startsAnewAtRest || this.agent?.isAtRest !== true) return;
    const takeOn = await this.relay.holdDeliveries();
    // What came meanwhile is first to be done, and policies change.
    if (this.startsAnewAtRest && this.agent.isAtRest) return this.end('shutdown');
    takeOn();
  }

  /** Closes the session, lets the relay have the rest, and exits. The first reason counts. Never rejects. */
  async end(reason: EndReason, failure?: SessionFailure): Promise<void> {
    if (this.isEnding) return;
    this.isEnding = true;
    const { logger, exit } = this.options;
    logger.info({ reason }, 'ending');
    this.rest.stop();
    this.quiet.stop();
    // Written before the relay can learn of the end: from then on the daemon must not take this worker for present.
    if (reason === 'paused') this.leaveOutcome({ reason });
    const tooSlow = (): Error => new Error(`not done within ${CLOSE_TIMEOUT_MS} ms`);
    const closing = this.agent?.close(reason === 'superseded' ? 'shutdown' : reason) ?? Promise.resolve();
    await within(CLOSE_TIMEOUT_MS, closing, tooSlow).catch((error: unknown) =>
      logger.error({ err: error }, 'the agent did not close well; its file is checked at the next start'),
    );
    if (reason !== 'superseded') await this.relay?.flush(FLUSH_TIMEOUT_MS);
    this.relay?.close();
    this.daemon.close();
    exit(this.leaveOutcome({ reason, ...(failure && { failure }) }) ? 0 : 1);
  }

  /** Says why it ends. Without that, as on a full disk, the daemon takes it for crashed and starts another worker, which meets the same end. */
  private leaveOutcome(outcome: Omit<WorkerOutcome, 'epoch'>): boolean {
    const { boot, layout, logger } = this.options;
    try {
      writeOutcome(layout.workerStateDir, boot.sessionId, { epoch: boot.epoch, ...outcome });
      return true;
    } catch (error) {
      logger.error({ err: error }, 'cannot write down why the worker ends');
      return false;
    }
  }

  private get isAtRest(): boolean {
    return this.agent?.isAtRest === true && this.outbox.isEmpty && !this.hasLeftRunning;
  }

  /** A session whose agent left something running, such as a dev server, does not rest: that would end with the worker. */
  private get hasLeftRunning(): boolean {
    try {
      return processesOfSession(this.options.boot.sessionId).length > 0;
    } catch (error) {
      this.options.logger.warn({ reason: errorText(error) }, 'cannot see what the session has left running');
      return true;
    }
  }

  private open(agent: AgentSession): void {
    const { boot, logger } = this.options;
    const entries = new EntryRegister(agent);
    this.entries = entries;
    this.relay = new RelaySession({
      boot,
      outbox: this.outbox,
      entries,
      agent,
      ports: this.ports,
      requestToken: () => this.daemon.requestToken(),
      onStop: (reason) => void this.end(reason),
      onBroken: () => this.isEnding || this.options.exit(1),
      logger,
    });
    agent.onFileLost(() => {
      logger.error("another process has taken the session's file; this worker writes to it no more");
      // The next worker goes on with it, or says which process has it.
      void this.end('shutdown');
    });
    // The agent doesn't wait for the relay: what waits in its file is worked on also while the relay is away.
    agent.start();
    this.relay.open();
    this.daemon.sayOpened(boot.cwd);
    this.rest.begin();
  }

  private emit(event: UnnumberedSessionEvent): void {
    this.entries?.note(event);
    this.outbox.add(event);
    this.relay?.onEvent();
    this.rest.begin();
    if (this.startsAnewAtRest) this.quiet.begin();
  }
}
