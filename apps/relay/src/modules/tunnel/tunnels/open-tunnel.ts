import { Injectable } from '@nestjs/common';
import { IdPrefix, ProblemCode } from '@pizzapi/protocol';
import { conflict } from '../../../platform/http/problem.error.js';
import { EventBus } from '../../../platform/streams/event-bus.js';
import { AskRunner } from '../../runners/index.js';
import { isOpen, type SessionEntity } from '../../sessions/index.js';
import { TunnelPolicies } from '../policy/tunnel-policies.js';
import { newTunnelLabel } from './tunnel-label.js';
import type { TunnelEntity } from './tunnel.entity.js';
import { TunnelRepository } from './tunnel.repository.js';

/** Nobody needs more; a loop would. */
const MAX_PER_SESSION = 100;

export interface WantedTunnel {
  /** Becomes the end of the id, so that a repeated operation creates nothing twice. */
  operationId: string;
  port: number;
  name?: string | undefined;
  openedBy: 'agent' | 'person';
}

/** Exposes a port of a runner for a session. For a port that is exposed already, only changes the name of its tunnel. */
@Injectable()
export class OpenTunnel {
  constructor(
    private readonly tunnels: TunnelRepository,
    private readonly runner: AskRunner,
    private readonly policies: TunnelPolicies,
    private readonly bus: EventBus,
  ) {}

  /** @throws ProblemError `session_ended`, `port_refused`, `runner_offline`, `too_many_tunnels` */
  async run(session: SessionEntity, { operationId, port, name, openedBy }: WantedTunnel): Promise<TunnelEntity> {
    const { sessionId, runnerId, ownerId, organisationId } = session;
    if (!isOpen(session.status))
      throw conflict(ProblemCode.sessionEnded, 'The session is over, and its tunnels with it; resume it first.');
    await this.policies.requireOf({ organisationId, port }, ownerId);
    // Only the runner knows what listens on its ports, such as the relay itself.
    await this.runner.checkPort(runnerId, port);
    const row = {
      tunnelId: IdPrefix.tunnel + operationId,
      label: newTunnelLabel(),
      organisationId,
      ownerId,
      runnerId,
      sessionId,
      serviceId: null,
      port,
      name: name ?? `Port ${port}`,
      openedBy,
      createdAt: new Date(),
    };
    const made = await this.tunnels.insertForSession(row, MAX_PER_SESSION);
    if (made === 'full')
      throw conflict(
        ProblemCode.tooManyTunnels,
        `The session has ${MAX_PER_SESSION} tunnels, as many as it may; close some that nobody needs.`,
      );
    if (name !== undefined && made.name !== name) await this.tunnels.rename(made.tunnelId, name);
    await this.bus.publish('tunnels.changed', { runnerId, sessionId });
    return { ...made, name: name ?? made.name };
  }
}
