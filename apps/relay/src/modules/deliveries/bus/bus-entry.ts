import { InboxItem } from '@pizzapi/protocol';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import type { StreamEntry } from '../../../platform/streams/stream-replies.js';

/** Something for one session's inbox that is not a trigger of a record: what a person said. */
const Item = Type.Object({ sessionId: Type.String(), item: Type.Omit(InboxItem, ['cursor']) });
const checkItem = Compile(Item);

/** An entry of a runner's bus. */
export type BusEntry = ({ kind: 'trigger'; triggerId: string } | ({ kind: 'item' } & Static<typeof Item>)) & {
  /** Its place on the bus. */
  id: string;
};

/** @throws Error for what no reader of the bus would take: it is not accepted in the first place. */
export function itemFields(sessionId: string, item: Static<typeof Item>['item']): string[] {
  if (!checkItem.Check({ sessionId, item })) throw new Error('A delivery does not fit the schema of the bus.');
  return ['item', JSON.stringify({ sessionId, item })];
}

/** Null when it is damaged. */
export function parseBusEntry({ id, fields: [name, value = ''] }: StreamEntry): BusEntry | null {
  if (name === 'trigger') return { id, kind: 'trigger', triggerId: value };
  if (name !== 'item') return null;
  try {
    const content: unknown = JSON.parse(value);
    return checkItem.Check(content) ? { id, kind: 'item', ...content } : null;
  } catch {
    return null; // the caller says so
  }
}
