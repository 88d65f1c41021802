import { InboxItem } from '@pizzapi/protocol';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { parseJson } from '../../../platform/redis/parse-json.js';
import type { StreamEntry } from '../../../platform/streams/stream-replies.js';

/** Something for one session's inbox that is not a trigger of a record: what a person said. */
const Item = Type.Object({ sessionId: Type.String(), item: Type.Omit(InboxItem, ['cursor']) });
const checkItem = Compile(Item);

/** What this version can deliver. */
export type Deliverable = { kind: 'trigger'; triggerId: string } | ({ kind: 'item' } & Static<typeof Item>);

/** An entry of a runner's bus. */
export type BusEntry = (Deliverable | { kind: 'unread'; fields: string[] }) & {
  /** Its place on the bus. */
  id: string;
};

/** @throws Error for what no reader of the bus would take: it is not accepted in the first place. */
export function itemFields(sessionId: string, item: Static<typeof Item>['item']): string[] {
  if (!checkItem.Check({ sessionId, item })) throw new Error('A delivery does not fit the schema of the bus.');
  return ['item', JSON.stringify({ sessionId, item })];
}

export function parseBusEntry({ id, fields }: StreamEntry): BusEntry {
  return { id, ...(deliverableOf(fields) ?? { kind: 'unread', fields }) };
}

/** Null: damaged, or of a newer version. */
export function deliverableOf([name, value = '']: readonly string[]): Deliverable | null {
  if (name === 'trigger') return { kind: 'trigger', triggerId: value };
  if (name !== 'item') return null;
  const content = parseJson(value);
  return checkItem.Check(content) ? { kind: 'item', ...content } : null;
}
