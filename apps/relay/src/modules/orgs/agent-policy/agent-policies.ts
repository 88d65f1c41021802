import { Injectable } from '@nestjs/common';
import { AgentPolicy, ProblemCode } from '@pizzapi/protocol';
import { Compile } from 'typebox/compile';
import { Database } from '../../../platform/database/database.js';
import { lock } from '../../../platform/database/lock.js';
import { invalid, ProblemError } from '../../../platform/http/problem.error.js';
import { AgentPolicyEntity } from './agent-policy.entity.js';

const validator = Compile(AgentPolicy);

/** What organisations say of their agents. */
@Injectable()
export class AgentPolicies {
  constructor(private readonly database: Database) {}

  /** Null: the organisation has given none. */
  async find(organisationId: string): Promise<AgentPolicyEntity | null> {
    const found = await this.database.read.findOneBy(AgentPolicyEntity, { organisationId });
    // Left out, it would loosen everything in silence.
    if (found && !validator.Check(found.policy))
      throw new Error(`The agent policy of the organisation ${organisationId} is stored in a form that is not known.`);
    return found;
  }

  /**
   * @param seen in quotation marks, when it was changed last as far as the caller knows; undefined: whatever there is
   * @throws ProblemError of what nobody could read again, such as null where something may be absent; 412 when another has changed it since
   */
  async replace(
    organisationId: string,
    wanted: unknown,
    { by: updatedBy, seen }: { by: AgentPolicyEntity['updatedBy']; seen?: string | undefined },
  ): Promise<void> {
    const policy: unknown = JSON.parse(JSON.stringify(wanted));
    if (!validator.Check(policy)) {
      const [error] = validator.Errors(policy);
      throw invalid(error?.instancePath.slice(1).replaceAll('/', '.') ?? '', error?.message ?? 'is not understood');
    }
    await this.database.write(async (manager) => {
      await lock(manager, `agent-policy.${organisationId}`);
      const before = await manager.findOneBy(AgentPolicyEntity, { organisationId });
      if (seen !== undefined && seen !== `"${before?.updatedAt.toISOString() ?? 'none'}"`)
        throw changedMeanwhile(before);
      await manager.save(
        manager.create(AgentPolicyEntity, { organisationId, policy, updatedBy, updatedAt: new Date() }),
      );
    });
  }
}

function changedMeanwhile(before: AgentPolicyEntity | null): ProblemError {
  const who = before ? `${before.updatedBy.name} has changed the policy` : 'The policy was removed';
  return new ProblemError(412, ProblemCode.policyChanged, `${who} meanwhile; read it again, and change that.`);
}
