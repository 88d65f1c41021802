import { type Static, Type } from 'typebox';

/** `5173`, or `3000-3999`. */
export const PORT_RANGE = String.raw`^[1-9]\d{0,4}(-[1-9]\d{0,4})?$`;
export const MAX_PORT_RANGES = 100;

/** What a role may reach through tunnels. Unknown fields are errors, because a misspelt one would silently loosen the policy. */
export const RoleTunnels = Type.Object(
  {
    /** Ports that may be exposed for sessions. Absent: all that the runner allows. Empty: none. */
    ports: Type.Optional(Type.Array(Type.String({ pattern: PORT_RANGE }), { maxItems: MAX_PORT_RANGES })),
    /** Whether panels of services may be opened. Absent: yes. */
    panels: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type RoleTunnels = Static<typeof RoleTunnels>;

/** Which roles of an organisation may open which ports. A role that is left out may open all. */
export const TunnelPolicy = Type.Object(
  {
    owner: Type.Optional(RoleTunnels),
    admin: Type.Optional(RoleTunnels),
    member: Type.Optional(RoleTunnels),
    reader: Type.Optional(RoleTunnels),
  },
  { additionalProperties: false },
);
export type TunnelPolicy = Static<typeof TunnelPolicy>;
