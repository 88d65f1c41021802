import type { TunnelPolicy } from '@pizzapi/protocol';
import type { Role } from '../../auth/index.js';

/**
 * Says in a sentence why the policy does not allow a role to open a port; null if it does.
 * @param port null for a service's panel
 */
export function policyRefusal(policy: TunnelPolicy, role: Role, port: number | null): string | null {
  const { ports, panels = true } = policy[role] ?? {};
  if (port === null)
    return panels ? null : `Your organisation does not let the role ${role} open panels of services. ${ASK}`;
  if (ports === undefined || ports.some((range) => isWithin(range, port))) return null;
  if (ports.length === 0) return `Your organisation does not let the role ${role} expose ports. ${ASK}`;
  return `Your organisation lets the role ${role} expose ${ports.join(', ')}, and not port ${port}; use one of those. ${ASK}`;
}
const ASK = 'Its owners and admins can change that.';

/** @param range in the form of `PORT_RANGE` */
function isWithin(range: string, port: number): boolean {
  const [first = 0, last = first] = range.split('-').map(Number);
  return port >= first && port <= last;
}
