import type { TunnelTarget } from '@pizzapi/tunnel';
import type { CredentialId } from '../../auth/index.js';
import type { TunnelEntity } from '../tunnels/tunnel.entity.js';

/** A user's access to a tunnel, with the credential. It ends with the tunnel or the credential. */
export interface Reach {
  tunnel: TunnelEntity;
  userId: string;
  credential: CredentialId;
}

/** The target of a tunnel on its runner. */
export function targetOf({ serviceId, port }: TunnelEntity): TunnelTarget {
  if (serviceId !== null) return { kind: 'service', serviceId };
  if (port === null) throw new Error('A tunnel is neither of a service nor of a port.');
  return { kind: 'port', port };
}
