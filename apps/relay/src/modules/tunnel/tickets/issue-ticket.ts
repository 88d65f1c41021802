import { Injectable } from '@nestjs/common';
import { ProblemCode, type TunnelTicket } from '@pizzapi/protocol';
import { RelayConfig } from '../../../config/config.js';
import { conflict } from '../../../platform/http/problem.error.js';
import type { Caller } from '../../auth/index.js';
import { TunnelAddresses } from '../tunnels/tunnel-addresses.js';
import { TunnelPolicies } from '../policy/tunnel-policies.js';
import type { TunnelEntity } from '../tunnels/tunnel.entity.js';
import { type Pass, PASS_LIFETIME_S, Passes } from './passes.js';
import { PathTokens } from './path-tokens.js';

/** Issues tickets with which a browser enters a tunnel, where it does not have the console's cookie. */
@Injectable()
export class IssueTicket {
  constructor(
    private readonly passes: Passes,
    private readonly tokens: PathTokens,
    private readonly addresses: TunnelAddresses,
    private readonly policies: TunnelPolicies,
    private readonly config: RelayConfig,
  ) {}

  /** @throws ProblemError `port_refused` by the organisation's policy; `tunnel_domain_missing` if an own origin is requested and there is none */
  async run(
    tunnel: TunnelEntity,
    caller: Caller,
    { path, form }: { path: string; form?: TunnelTicket['form'] | undefined },
  ): Promise<TunnelTicket> {
    const { tunnelId, label } = tunnel;
    await this.policies.require(tunnel, caller.role);
    const pass = { tunnelId, userId: caller.userId, credential: credentialOf(caller) };
    const origin = this.addresses.originOf(label);
    if (form === 'path' || (form === undefined && origin === null)) {
      const token = await this.tokens.sign(tunnelId, await this.passes.issue('token', pass));
      return {
        url: `${this.config.publicUrl}/api/tunnel/auth/${token}${path}`,
        form: 'path',
        expiresAt: inSeconds(PASS_LIFETIME_S.token),
      };
    }
    if (origin === null)
      throw conflict(
        ProblemCode.tunnelDomainMissing,
        'This relay has no tunnel domain, so tunnels have no origin of their own; set PIZZAPI_TUNNEL_DOMAIN, or ask for the path form.',
      );
    const ticket = await this.passes.issue('ticket', { ...pass, path });
    return {
      url: `${origin}/.pizzapi/enter?ticket=${ticket}`,
      form: 'origin',
      expiresAt: inSeconds(PASS_LIFETIME_S.ticket),
    };
  }
}

function credentialOf({ credential }: Caller): Pass['credential'] {
  return credential.kind === 'key'
    ? { kind: 'key', keyId: credential.keyId }
    : { kind: 'login', loginId: credential.loginId };
}

function inSeconds(seconds: number): string {
  return new Date(Date.now() + seconds * 1_000).toISOString();
}
