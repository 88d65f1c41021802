import type { TunnelTarget } from '@pizzapi/tunnel';
import type { CredentialId } from '../../auth/index.js';
import type { TunnelEntity } from '../tunnels/tunnel.entity.js';

/** Somebody who may reach a tunnel, and by what: it ends with either. */
export interface Reach {
  tunnel: TunnelEntity;
  userId: string;
  credential: CredentialId;
}

/** Where a tunnel leads at its runner. */
export function targetOf({ serviceId, port }: TunnelEntity): TunnelTarget {
  if (serviceId !== null) return { kind: 'service', serviceId };
  if (port === null) throw new Error('A tunnel is neither of a service nor of a port.');
  return { kind: 'port', port };
}
