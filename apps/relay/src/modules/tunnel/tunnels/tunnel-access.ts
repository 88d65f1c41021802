import { Injectable } from '@nestjs/common';
import { notFound } from '../../../platform/http/problem.error.js';
import type { Caller } from '../../auth/index.js';
import { isTunnelLabel } from './tunnel-label.js';
import type { TunnelEntity } from './tunnel.entity.js';
import { TunnelRepository } from './tunnel.repository.js';

/** Whether a user may use a tunnel, which the owner of its session or runner may. Every check goes through this function. */
export function mayUse(tunnel: Pick<TunnelEntity, 'ownerId'>, caller: Pick<Caller, 'userId'>): boolean {
  return tunnel.ownerId === caller.userId;
}

/** Tunnels are private to their owner. */
@Injectable()
export class TunnelAccess {
  constructor(private readonly tunnels: TunnelRepository) {}

  /**
   * @param id the tunnel's id, or its label, which is what the console's page for entering it knows
   * @throws ProblemError `not_found` if it is unknown, closed or somebody else's
   */
  async require(id: string, caller: Caller): Promise<TunnelEntity> {
    const tunnel = await (isTunnelLabel(id) ? this.tunnels.findByLabel(id) : this.tunnels.find(id));
    if (!tunnel || !mayUse(tunnel, caller)) throw notFound('tunnel');
    return tunnel;
  }
}
