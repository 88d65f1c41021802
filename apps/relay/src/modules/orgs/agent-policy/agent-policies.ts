import { Injectable } from '@nestjs/common';
import { AgentPolicy } from '@pizzapi/protocol';
import { Compile } from 'typebox/compile';
import { Database } from '../../../platform/database/database.js';
import { invalid } from '../../../platform/http/problem.error.js';
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

  /** The last one counts. @throws ProblemError of what nobody could read again, such as null where something may be absent */
  async replace(organisationId: string, wanted: unknown, updatedBy: AgentPolicyEntity['updatedBy']): Promise<void> {
    const policy: unknown = JSON.parse(JSON.stringify(wanted));
    if (!validator.Check(policy)) {
      const [error] = validator.Errors(policy);
      throw invalid(error?.instancePath.slice(1).replaceAll('/', '.') ?? '', error?.message ?? 'is not understood');
    }
    await this.database.write((manager) =>
      manager.save(manager.create(AgentPolicyEntity, { organisationId, policy, updatedBy, updatedAt: new Date() })),
    );
  }
}
