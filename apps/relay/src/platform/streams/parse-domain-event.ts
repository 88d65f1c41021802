import { DomainEventCatalog, type DomainEvent, type DomainEventType } from '@pizzapi/protocol';
import { Compile } from 'typebox/compile';
import { parseJson } from '../redis/parse-json.js';

const checks = new Map(Object.entries(DomainEventCatalog).map(([type, schema]) => [type, Compile(schema)]));

/** Parses one stream entry's fields. Null when it is not an event of the catalog (a newer replica's, or damaged). */
export function parseDomainEvent(fields: readonly string[]): DomainEvent | null {
  const type = field(fields, 'type');
  const check = checks.get(type);
  if (!check) return null;
  const data = parseJson(field(fields, 'data'));
  const event: unknown = { type, data };
  return check.Check(data) && isDomainEvent(event) ? event : null;
}

/** The data was checked against the type's schema just before. */
function isDomainEvent(event: unknown): event is DomainEvent {
  return typeof event === 'object' && event !== null && 'type' in event && isDomainEventType(event.type);
}

function isDomainEventType(type: unknown): type is DomainEventType {
  return typeof type === 'string' && checks.has(type);
}

function field(fields: readonly string[], name: string): string {
  const at = fields.indexOf(name);
  return at >= 0 && at % 2 === 0 ? (fields[at + 1] ?? '') : '';
}
