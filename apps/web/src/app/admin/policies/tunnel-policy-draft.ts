import type { RoleTunnels, TunnelPolicy } from '@pizzapi/protocol';

/** The roles of an organisation, and how the people who have one are called. */
export const ROLES = [
  { role: 'owner', people: 'Owners' },
  { role: 'admin', people: 'Admins' },
  { role: 'member', people: 'Members' },
  { role: 'reader', people: 'Readers' },
] as const;
export type RoleName = (typeof ROLES)[number]['role'];

/** What a role may open, as its row holds it. */
export interface RoleRow {
  /** Empty: all. `none`: none. Else ports and ranges, with commas or spaces between them. */
  ports: string;
  panels: boolean;
}
export type TunnelPolicyDraft = Record<RoleName, RoleRow>;

const NONE = 'none';
const PORT = /^[1-9]\d{0,4}$/;

export function tunnelPolicyDraft(policy: TunnelPolicy): TunnelPolicyDraft {
  const row = ({ ports, panels = true }: RoleTunnels = {}): RoleRow => ({
    ports: ports === undefined ? '' : ports.length === 0 ? NONE : ports.join(', '),
    panels,
  });
  return {
    owner: row(policy.owner),
    admin: row(policy.admin),
    member: row(policy.member),
    reader: row(policy.reader),
  };
}

/** What the relay is asked for: a role that may open everything is left out. */
export function tunnelPolicyOf(draft: TunnelPolicyDraft): TunnelPolicy {
  const roles = ROLES.map(({ role }) => [role, roleOf(draft[role])] as const);
  return Object.fromEntries(roles.filter(([, tunnels]) => Object.keys(tunnels).length > 0));
}

function roleOf({ ports, panels }: RoleRow): RoleTunnels {
  const ranges = rangesIn(ports);
  return {
    ...(ranges.length === 0 ? {} : { ports: isNone(ports) ? [] : ranges }),
    ...(panels ? {} : { panels: false }),
  };
}

/** By role, what is wrong with its ports. */
export function tunnelPolicyProblems(draft: TunnelPolicyDraft): Partial<Record<RoleName, string>> {
  const found = ROLES.flatMap(({ role }) => {
    const wrong = isNone(draft[role].ports) ? undefined : rangesIn(draft[role].ports).find((range) => !isRange(range));
    return wrong === undefined ? [] : [[role, `“${wrong}” is neither a port nor a range such as 3000-3999`] as const];
  });
  return Object.fromEntries(found);
}

function rangesIn(text: string): string[] {
  return text.split(/[\s,;]+/).filter((range) => range !== '');
}

function isNone(text: string): boolean {
  return text.trim().toLowerCase() === NONE;
}

function isRange(text: string): boolean {
  const [first = '', last = first, ...more] = text.split('-');
  return more.length === 0 && [first, last].every(isPort) && Number(first) <= Number(last);
}

function isPort(text: string): boolean {
  return PORT.test(text) && Number(text) <= 65_535;
}
