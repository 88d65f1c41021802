import { Injectable, type OnModuleInit } from '@nestjs/common';
import { PolicyNotice } from '@pizzapi/protocol';
import type { Logger } from '../../logging/logger.js';
import { parsed } from '../../relay-link/incoming.js';
import type { WorkerState } from '../../worker-state/worker-state.js';
import { WorkerStateStore } from '../../worker-state/worker-state.store.js';
import { ControlServer } from '../control/control-server.js';
import { RelayConnection } from '../relay/relay-connection.js';
import { InjectLogger } from '../settings/settings.module.js';

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
  }

  /** Of a worker that has opened its session: what it started with may have changed meanwhile. */
  tell({ sessionId, phase, policyAt }: WorkerState): void {
    if (this.last === null || phase !== 'active' || (policyAt ?? null) === this.last.policyAt) return;
    const { policy, policyAt: at } = this.last;
    this.store.update(sessionId, { policy: policy ?? undefined, policyAt: at ?? undefined });
    this.control.tellPolicy(sessionId, this.last);
  }
}
