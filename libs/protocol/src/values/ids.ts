import { Type, type Static } from 'typebox';

/** Prefixes of public ids; the rest is a UUIDv7. Sessions and runners are plain UUIDs. */
export const IdPrefix = {
  user: 'usr_',
  organisation: 'org_',
  apiKey: 'key_',
  invitation: 'inv_',
  input: 'inp_',
  subscription: 'sub_',
  listener: 'lst_',
  trigger: 'trg_',
  delivery: 'dlv_',
  webhook: 'whk_',
  tunnel: 'tun_',
  approval: 'apr_',
  attachment: 'att_',
} as const;
export type IdPrefix = (typeof IdPrefix)[keyof typeof IdPrefix];

/** The pattern of a UUID, without anchors: for use in other patterns. */
export const UUID_PATTERN = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

/** The id of a question to a person. */
export const ApprovalId = Type.String({ pattern: `^${IdPrefix.approval}${UUID_PATTERN}$` });

/** A plain UUID in lower case: the id of a session or a runner. */
export const Uuid = Type.String({ pattern: `^${UUID_PATTERN}$` });
export type Uuid = Static<typeof Uuid>;

/** True for a plain UUID in lower case. */
export function isUuid(text: string): boolean {
  return UUID_EXACT.test(text);
}
const UUID_EXACT = new RegExp(`^${UUID_PATTERN}$`);

/** ISO 8601 in UTC with milliseconds: every time on the wire. */
export const IsoTime = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' });
