import { Injectable } from '@nestjs/common';
import { ProblemCode, type RunnerOrder } from '@pizzapi/protocol';
import { PinoLogger } from 'nestjs-pino';
import { ProblemError } from '../../../platform/http/problem.error.js';
import { AgentPolicies, type AgentPolicyEntity } from '../../orgs/index.js';
import { RunnerInbox } from './runner-inbox.js';
import { RunnerSessions } from '../runner-sessions.js';
import { RunnerRepository } from '../runner.repository.js';

/**
 * Adds the organisation's policy for its agents to orders that start a session. It is read when an order is sent, not when it is written: a
 * runner may be away for days, and must not come back to a policy that was tightened in the meantime.
 */
@Injectable()
export class OrderPolicy {
  constructor(
    private readonly runners: RunnerRepository,
    private readonly policies: AgentPolicies,
    private readonly inbox: RunnerInbox,
    private readonly sessions: RunnerSessions,
    private readonly logger: PinoLogger,
  ) {}

  /** If this version does not understand the policy, sessions that would be started fail with that reason, and their orders are not sent. */
  async addTo(runnerId: string, orders: RunnerOrder[]): Promise<RunnerOrder[]> {
    if (!orders.some(({ order }) => order === 'spawn')) return orders;
    const organisationId = (await this.runners.find(runnerId))?.organisationId ?? null;
    if (organisationId === null) return orders;
    let found: AgentPolicyEntity | null;
    try {
      found = await this.policies.find(organisationId);
    } catch (error) {
      if (!(error instanceof ProblemError && error.code === ProblemCode.policyUnknown)) throw error;
      return this.refuse(runnerId, orders, error);
    }
    if (!found) return orders;
    const { policy, updatedAt } = found;
    return orders.map((order) =>
      order.order === 'spawn' ? { ...order, policy, policyAt: updatedAt.toISOString() } : order,
    );
  }

  private async refuse(runnerId: string, orders: RunnerOrder[], problem: ProblemError): Promise<RunnerOrder[]> {
    const failure = { code: problem.code, detail: problem.message };
    for (const { order, sessionId, cursor } of orders) {
      if (order !== 'spawn') continue;
      this.logger.error({ runnerId, sessionId, code: problem.code }, 'A session was not started');
      await this.sessions.port.reported(runnerId, { sessionId, state: 'failed', failure });
      await this.inbox.done(runnerId, cursor);
    }
    return orders.filter(({ order }) => order !== 'spawn');
  }
}
