import { Injectable } from '@nestjs/common';
import type { RunnerOrder } from '@pizzapi/protocol';
import { AgentPolicies } from '../orgs/index.js';
import { RunnerRepository } from './runner.repository.js';

/**
 * Gives orders that start a session what the organisation says of its agents. It is read when an order is sent, not when it is written: a runner
 * may be away for days, and must not come back to a policy that has been tightened meanwhile.
 */
@Injectable()
export class OrderPolicy {
  constructor(
    private readonly runners: RunnerRepository,
    private readonly policies: AgentPolicies,
  ) {}

  async addTo(runnerId: string, orders: RunnerOrder[]): Promise<RunnerOrder[]> {
    if (!orders.some(({ order }) => order === 'spawn')) return orders;
    const organisationId = (await this.runners.find(runnerId))?.organisationId ?? null;
    const found = organisationId === null ? null : await this.policies.find(organisationId);
    if (!found) return orders;
    return orders.map((order) => (order.order === 'spawn' ? { ...order, policy: found.policy } : order));
  }
}
