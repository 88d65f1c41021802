import { Injectable } from '@nestjs/common';
import { AgentPolicy, ProblemCode } from '@pizzapi/protocol';
import { PinoLogger } from 'nestjs-pino';
import { Compile } from 'typebox/compile';
import { Database } from '../../../platform/database/database.js';
import { lock } from '../../../platform/database/lock.js';
import { conflict, ProblemError } from '../../../platform/http/problem.error.js';
import { requireShape } from '../../../platform/http/require-shape.js';
import { organisationKeys } from '../../../platform/redis/keys.js';
import { Redis } from '../../../platform/redis/redis.js';
import { AgentPolicyEntity } from './agent-policy.entity.js';

const validator = Compile(AgentPolicy);

/** Reads and replaces organisations' policies for their agents. */
@Injectable()
export class AgentPolicies {
  constructor(
    private readonly database: Database,
    private readonly redis: Redis,
    private readonly logger: PinoLogger,
  ) {}

  /**
   * @returns null if the organisation has no policy
   * @throws ProblemError 409 `policy_not_understood`: ignoring such a policy would silently lift its restrictions
   */
  async find(organisationId: string): Promise<AgentPolicyEntity | null> {
    const found = await this.database.read.findOneBy(AgentPolicyEntity, { organisationId });
    if (found && !validator.Check(found.policy)) throw notUnderstood();
    return found;
  }

  /**
   * @param seen the `updatedAt` that the caller expects, in quotation marks; undefined: replace any
   * @throws ProblemError 400 for a policy that could not be read again, such as with null for an absent field; 412 if it has changed since `seen`
   */
  async replace(
    organisationId: string,
    wanted: unknown,
    { by: updatedBy, seen }: { by: AgentPolicyEntity['updatedBy']; seen?: string | undefined },
  ): Promise<void> {
    const policy = requireShape(validator, wanted);
    await this.database.write(async (manager) => {
      await lock(manager, `agent-policy.${organisationId}`);
      const before = await manager.findOneBy(AgentPolicyEntity, { organisationId });
      if (seen !== undefined && seen !== `"${before?.updatedAt.toISOString() ?? 'none'}"`)
        throw changedMeanwhile(before);
      // Also serves as the version, so it has to be unique.
      const updatedAt = new Date(Math.max(Date.now(), (before?.updatedAt.getTime() ?? 0) + 1));
      await manager.save(manager.create(AgentPolicyEntity, { organisationId, policy, updatedBy, updatedAt }));
    });
    await this.tell(organisationId);
  }

  /** Notifies the replicas that hold connections of the organisation's runners. One that misses this reads the policy within a minute. */
  private async tell(organisationId: string): Promise<void> {
    try {
      await this.redis.commands.spublish(organisationKeys.agentPolicy(organisationId), '');
    } catch (error) {
      this.logger.warn({ err: error, organisationId }, 'Runners hear of a changed policy only when Redis is back');
    }
  }
}

function notUnderstood(): ProblemError {
  return conflict(
    ProblemCode.policyUnknown,
    "The organisation's policy was given through a newer relay, and this one does not understand it. Update this relay, or give the policy anew under Organisation, Policies.",
  );
}

function changedMeanwhile(before: AgentPolicyEntity | null): ProblemError {
  const who = before ? `${before.updatedBy.name} has changed the policy` : 'The policy was removed';
  return new ProblemError(412, ProblemCode.policyChanged, `${who} meanwhile; read it again, and change that.`);
}
