import { Service, inject } from '@angular/core';
import { expected } from './api-problem';
import { RelayClient } from './relay-client';
import { isSigilAnswer, type SigilAnswer } from './sigil-shapes';

/** What services know of the things that sigils name. */
@Service()
export class SigilsApi {
  private readonly relay = inject(RelayClient);

  async resolve(
    runnerId: string,
    type: string,
    sigilId: string,
    params: Readonly<Record<string, string>>,
  ): Promise<SigilAnswer> {
    const { client, throwOnError } = this.relay.options;
    const { data } = await client.get({
      url: '/api/runners/{runnerId}/sigils/{type}/{sigilId}',
      path: { runnerId, type, sigilId },
      query: { ...params },
      throwOnError,
    });
    return expected(data, isSigilAnswer);
  }
}
