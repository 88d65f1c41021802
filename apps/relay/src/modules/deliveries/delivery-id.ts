import { IdPrefix } from '@pizzapi/protocol';
import { derivedUuid } from '../../platform/ids/derived-uuid.js';

/**
 * The id of a trigger's delivery to one target (a session or a listener). The same two always give the same id, so fan-out may be repeated. It is a
 * UUIDv7 with the trigger's time, whose random bits are a digest of both ids.
 *
 * @param triggerId `trg_` and a UUIDv7
 */
export function deliveryIdOf(triggerId: string, target: string): string {
  return IdPrefix.delivery + derivedFrom(triggerId, target);
}

/** The id of the session that a listener starts for a trigger: the same however often it is started. */
export function sessionIdOf(listenerId: string, triggerId: string): string {
  return derivedFrom(triggerId, `session of ${listenerId}`);
}

function derivedFrom(triggerId: string, target: string): string {
  return derivedUuid(triggerId.slice(IdPrefix.trigger.length), `${triggerId}\n${target}`);
}
