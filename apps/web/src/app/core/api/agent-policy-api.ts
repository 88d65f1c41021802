import { Service, inject } from '@angular/core';
import { type AgentPolicyViewDto, getAgentPolicy, replaceAgentPolicy } from '@pizzapi/api-client';
import type { AgentPolicy } from '@pizzapi/protocol';
import { isRecord } from '../shape';
import { isText } from './answer-shapes';
import { expected } from './api-problem';
import { RelayClient } from './relay-client';

export type AgentPolicyView = AgentPolicyViewDto;

/** What the organisation says of all its agents. */
@Service()
export class AgentPolicyApi {
  private readonly relay = inject(RelayClient);

  async read(): Promise<AgentPolicyView> {
    return expected((await getAgentPolicy(this.relay.options)).data, isAgentPolicyView);
  }

  /** @param seen the last change of the policy that was edited, so that somebody else's change since then is not undone */
  async replace(policy: AgentPolicy, seen: string | null): Promise<AgentPolicyView> {
    const headers = { 'If-Match': `"${seen ?? 'none'}"` };
    const { data } = await replaceAgentPolicy({ ...this.relay.options, headers, body: policy });
    return expected(data, isAgentPolicyView);
  }
}

function isAgentPolicyView(value: unknown): value is AgentPolicyView {
  return isRecord(value) && isRecord(value['policy']) && (value['updatedAt'] === null || isText(value['updatedAt']));
}
