import { Service, inject } from '@angular/core';
import { getTunnelPolicy, replaceTunnelPolicy, type TunnelPolicyViewDto } from '@pizzapi/api-client';
import type { TunnelPolicy } from '@pizzapi/protocol';
import { isRecord } from '../shape';
import { isText } from './answer-shapes';
import { expected } from './api-problem';
import { RelayClient } from './relay-client';

export type TunnelPolicyView = TunnelPolicyViewDto;

/** Which roles of the organisation may open which ports. */
@Service()
export class TunnelPolicyApi {
  private readonly relay = inject(RelayClient);

  async read(): Promise<TunnelPolicyView> {
    return expected((await getTunnelPolicy(this.relay.options)).data, isTunnelPolicyView);
  }

  async replace(policy: TunnelPolicy): Promise<TunnelPolicyView> {
    const { data } = await replaceTunnelPolicy({ ...this.relay.options, body: policy });
    return expected(data, isTunnelPolicyView);
  }
}

function isTunnelPolicyView(value: unknown): value is TunnelPolicyView {
  return isRecord(value) && isRecord(value['policy']) && (value['updatedAt'] === null || isText(value['updatedAt']));
}
