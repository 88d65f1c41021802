import { Injectable, type OnModuleInit } from '@nestjs/common';
import { PolicyNotice, UnknownPolicy } from '@pizzapi/protocol';
import type { Logger } from '../../logging/logger.js';
import { parsed } from '../../relay-link/incoming.js';
import type { WorkerState } from '../../worker-state/worker-state.js';
import { WorkerStateStore } from '../../worker-state/worker-state.store.js';
import { ControlServer } from '../control/control-server.js';
import { RelayConnection } from '../relay/relay-connection.js';
import { InjectLogger } from '../settings/settings.module.js';
import { newerPolicy } from './newer-policy.js';

const TOO_OLD: UnknownPolicy = {
  detail: "This runner is older than the relay and does not understand the organisation's policy. Update the runner.",
};

const TELL_AGAIN_MS = 2_000;

/** Passes the organisation's policy for its agents on to the workers that run, and keeps it for those that start later. */
@Injectable()
export class PolicyKeeper implements OnModuleInit {
  private last: PolicyNotice | null = null;
  /** Set while the newest policy is one that this runner does not understand: {@link last} stays in force. */
  private unknown: UnknownPolicy | null = null;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @InjectLogger() private readonly logger: Logger,
    private readonly relay: RelayConnection,
    private readonly store: WorkerStateStore,
    private readonly control: ControlServer,
  ) {}

  onModuleInit(): void {
    const take = (notice: PolicyNotice): void => this.changed(notice, null);
    const note = (news: UnknownPolicy): void => this.changed(this.last, news);
    const { socket } = this.relay;
    // A notice that does not parse is a newer relay's.
    const tooOld = (): void => note(TOO_OLD);
    socket?.on('runner:policy', parsed('runner:policy', PolicyNotice, this.logger, take, tooOld));
    socket?.on('runner:policy-unknown', parsed('runner:policy-unknown', UnknownPolicy, this.logger, note));
    // The next connection may be to an older relay, which speaks of policies only with its orders.
    socket?.on('disconnect', () => {
      this.last = null;
      this.unknown = null;
    });
  }

  private changed(last: PolicyNotice | null, unknown: UnknownPolicy | null): void {
    this.last = last;
    this.unknown = unknown;
    this.tellAll();
  }

  /** A policy has to reach the workers, so what failed is done again until it is. */
  private tellAll(): void {
    clearTimeout(this.timer);
    try {
      for (const state of this.store.list()) this.tell(state);
    } catch (error) {
      this.logger.error({ err: error }, "cannot tell all workers the organisation's policy; trying again");
      this.timer = setTimeout(() => this.tellAll(), TELL_AGAIN_MS).unref();
    }
  }

  /** Tells a session's worker which policy holds: once it has opened the session, and with every change. It ignores a version that it has. */
  tell(state: WorkerState): void {
    if (state.phase !== 'active') return;
    const newer = newerPolicy(state, this.last);
    const { policy, policyAt } = (newer && this.store.update(state.sessionId, newer)) ?? state;
    this.control.tellPolicy(state.sessionId, { policy: policy ?? null, policyAt: policyAt ?? null });
    if (this.unknown) this.control.tellUnknownPolicy(state.sessionId, this.unknown);
  }
}
