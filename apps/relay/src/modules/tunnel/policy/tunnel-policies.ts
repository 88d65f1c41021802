import { Injectable } from '@nestjs/common';
import { ProblemCode, TunnelPolicy } from '@pizzapi/protocol';
import { Compile } from 'typebox/compile';
import { Database } from '../../../platform/database/database.js';
import { conflict, ProblemError } from '../../../platform/http/problem.error.js';
import { requireShape } from '../../../platform/http/require-shape.js';
import { MemberEntity, type Role } from '../../auth/index.js';
import { TunnelNews } from '../tunnel-news.js';
import type { TunnelEntity } from '../tunnels/tunnel.entity.js';
import { policyRefusal } from './may-open.js';
import { TunnelPolicyEntity } from './tunnel-policy.entity.js';

const validator = Compile(TunnelPolicy);

type Wish = Pick<TunnelEntity, 'organisationId' | 'port'>;

/** Reads, replaces and enforces organisations' tunnel policies. */
@Injectable()
export class TunnelPolicies {
  constructor(
    private readonly database: Database,
    private readonly news: TunnelNews,
  ) {}

  /**
   * @returns null if the organisation has none
   * @throws ProblemError 409 `policy_not_understood`: ignoring such a policy would silently allow everything
   */
  async find(organisationId: string): Promise<TunnelPolicyEntity | null> {
    const found = await this.database.read.findOneBy(TunnelPolicyEntity, { organisationId });
    if (found && !validator.Check(found.policy)) throw notUnderstood();
    return found;
  }

  /** Ends exchanges that the new policy does not allow. @throws ProblemError 400 for a policy that could not be read again */
  async replace(organisationId: string, wanted: unknown, updatedBy: TunnelPolicyEntity['updatedBy']): Promise<void> {
    const policy = requireShape(validator, wanted);
    await this.database.write((manager) =>
      manager.save(manager.create(TunnelPolicyEntity, { organisationId, policy, updatedBy, updatedAt: new Date() })),
    );
    await this.news.tell({ news: 'policy-changed', organisationId });
  }

  /** Whether a role may open it. @throws ProblemError `policy_not_understood` */
  async allows(wish: Wish, role: Role): Promise<boolean> {
    return (await this.refusal(wish, role)) === null;
  }

  /** @throws ProblemError `port_refused`, which says what is allowed; `policy_not_understood` */
  async require(wish: Wish, role: Role): Promise<void> {
    const refusal = await this.refusal(wish, role);
    if (refusal !== null) throw new ProblemError(403, ProblemCode.portRefused, refusal);
  }

  /** As {@link require}, for a user who is not the caller, such as the session's owner when an agent asks. */
  async requireOf(wish: Wish, userId: string): Promise<void> {
    const { organisationId } = wish;
    const member = await this.database.read.findOneBy(MemberEntity, { userId, organisationId });
    if (member) await this.require(wish, member.role);
  }

  private async refusal({ organisationId, port }: Wish, role: Role): Promise<string | null> {
    const found = await this.find(organisationId);
    return found && policyRefusal(found.policy, role, port);
  }
}

function notUnderstood(): ProblemError {
  return conflict(
    ProblemCode.policyUnknown,
    "The organisation's policy for tunnels was given through a newer relay, and this one does not understand it. Update this relay, or give the policy anew.",
  );
}
