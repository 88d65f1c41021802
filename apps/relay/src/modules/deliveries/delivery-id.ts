import { hash } from 'node:crypto';
import { IdPrefix } from '@pizzapi/protocol';

/**
 * The id of one trigger's delivery to one target (a session or a listener). Always the same for the same two, so that whatever makes
 * deliveries may be repeated. A UUIDv7 with the time of the trigger, whose random bits are a digest of both ids.
 *
 * @param triggerId `trg_` and a UUIDv7
 */
export function deliveryIdOf(triggerId: string, target: string): string {
  return IdPrefix.delivery + derivedUuid(triggerId, target);
}

/** The session that a listener starts for a trigger: the same however often it is started. */
export function sessionIdOf(listenerId: string, triggerId: string): string {
  return derivedUuid(triggerId, `session of ${listenerId}`);
}

function derivedUuid(triggerId: string, target: string): string {
  const time = triggerId.slice(IdPrefix.trigger.length).replaceAll('-', '').slice(0, 12);
  const digest = hash('sha256', `${triggerId}\n${target}`);
  const variant = ((parseInt(digest.slice(3, 4), 16) & 0x3) | 0x8).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${digest.slice(0, 3)}-${variant}${digest.slice(4, 7)}-${digest.slice(7, 19)}`;
}
