import { Injectable, type OnModuleInit } from '@nestjs/common';
import { PolicyNotice } from '@pizzapi/protocol';
import type { Logger } from '../../logging/logger.js';
import { parsed } from '../../relay-link/incoming.js';
import type { WorkerState } from '../../worker-state/worker-state.js';
import { WorkerStateStore } from '../../worker-state/worker-state.store.js';
import { ControlServer } from '../control/control-server.js';
import { RelayConnection } from '../relay/relay-connection.js';
import { InjectLogger } from '../settings/settings.module.js';
import { newerPolicy } from './newer-policy.js';

/** Hands what the organisation says of its agents to the workers that run, and keeps it for those that start again. */
@Injectable()
export class PolicyKeeper implements OnModuleInit {
  private last: PolicyNotice | null = null;

  constructor(
    @InjectLogger() private readonly logger: Logger,
    private readonly relay: RelayConnection,
    private readonly store: WorkerStateStore,
    private readonly control: ControlServer,
  ) {}

  onModuleInit(): void {
    // One that is not understood, of a newer relay, is dropped and said: what was told before goes on.
    const take = parsed('runner:policy', PolicyNotice, this.logger, (notice) => {
      this.last = notice;
      for (const state of this.store.list()) this.tell(state);
    });
    this.relay.socket?.on('runner:policy', take);
    // The next connection may be to an older relay, which speaks of policies only with its orders.
    this.relay.socket?.on('disconnect', () => (this.last = null));
  }

  /** Of a worker that has opened its session, and of all at news. It knows by itself which version it has. */
  tell(state: WorkerState): void {
    if (state.phase !== 'active') return;
    const newer = newerPolicy(state, this.last);
    const { policy, policyAt } = (newer && this.store.update(state.sessionId, newer)) ?? state;
    this.control.tellPolicy(state.sessionId, { policy: policy ?? null, policyAt: policyAt ?? null });
  }
}
