import type { PanelDef, ServiceInfo, SigilDef } from '@pizzapi/protocol';
import { has, isCount, isListOf } from '../shape';

/** The minimum shape of a runner's services, by socket or REST. */
export function isServiceInfo(value: unknown): value is ServiceInfo {
  return has(value, 'id', 'label', 'icon', 'state') && (value['error'] === null || typeof value['error'] === 'string');
}

export function isPanelDef(value: unknown): value is PanelDef {
  return has(value, 'serviceId', 'label', 'icon') && isCount(value['port']);
}

export function isSigilDef(value: unknown): value is SigilDef {
  return (
    has(value, 'serviceId', 'type', 'label') &&
    (value['aliases'] === undefined || isListOf(value['aliases'], (alias) => typeof alias === 'string'))
  );
}
