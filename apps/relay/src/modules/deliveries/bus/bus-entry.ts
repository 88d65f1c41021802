import { InboxItem } from '@pizzapi/protocol';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { parseJson } from '../../../platform/redis/parse-json.js';
import type { StreamEntry } from '../../../platform/streams/stream-replies.js';

/** Something for one session's inbox that has no trigger record: what a person said, or a delivery that is replayed. */
const Item = Type.Object({ sessionId: Type.String(), item: Type.Omit(InboxItem, ['cursor']) });
const checkItem = Compile(Item);

/** The content of an entry that this version understands. */
export type Deliverable = { kind: 'trigger'; triggerId: string } | ({ kind: 'item' } & Static<typeof Item>);

/** An entry of a runner's bus. `unread`: this version does not understand it. */
export type BusEntry = (Deliverable | { kind: 'unread'; fields: string[] }) & {
  /** Its stream id: its place on the bus. */
  id: string;
};

/** The fields of an entry for one session. @throws Error when no reader could parse them: better to refuse it than to accept it in vain. */
export function itemFields(sessionId: string, item: Static<typeof Item>['item']): string[] {
  if (!checkItem.Check({ sessionId, item })) throw new Error('A delivery does not fit the schema of the bus.');
  return ['item', JSON.stringify({ sessionId, item })];
}

export function parseBusEntry({ id, fields }: StreamEntry): BusEntry {
  return { id, ...(deliverableOf(fields) ?? { kind: 'unread', fields }) };
}

/** Null: the entry is damaged, or a newer version wrote it. */
export function deliverableOf([name, value = '']: readonly string[]): Deliverable | null {
  if (name === 'trigger') return { kind: 'trigger', triggerId: value };
  if (name !== 'item') return null;
  const content = parseJson(value);
  return checkItem.Check(content) ? { kind: 'item', ...content } : null;
}
