import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeliveredTrigger, InboxItem } from '@pizzapi/protocol';
import { Type } from 'typebox';
import { Value } from 'typebox/value';

const Delivery = Type.Object({ type: Type.Literal('custom'), customType: Type.Literal('delivery'), data: InboxItem });
const Message = Type.Object({
  type: Type.Literal('custom_message'),
  customType: Type.Literal('trigger'),
  details: Type.Object({ id: Type.String(), trigger: Type.String() }),
});
const Answer = Type.Object({
  type: Type.Literal('message'),
  message: Type.Object({ role: Type.Literal('assistant') }),
});
const Numbered = Type.Object({ n: Type.Integer() });

/** The triggers that a session's own file holds, by their numbers, in the file's order. */
export interface SessionFile {
  sessionId: string;
  /** Received: kept, so that the relay may forget them. */
  deliveries: number[];
  /** Given to the agent. */
  messages: number[];
  /** The listeners named by what it received; of a session that a listener started, one. */
  listenerIds: string[];
  /** Whether the agent answered after the last message. */
  isAnswered: boolean;
}

/** Of every session below a `PIZZAPI_HOME`. */
export function readSessionFiles(home: string): SessionFile[] {
  const folder = join(home, 'agent', 'sessions');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => readSessionFile(join(folder, name)));
}

function readSessionFile(path: string): SessionFile {
  // A name is the time and the session's id.
  const sessionId = path.slice(-'.jsonl'.length - 36, -'.jsonl'.length);
  const file: SessionFile = { sessionId, deliveries: [], messages: [], listenerIds: [], isAnswered: false };
  const lines = readFileSync(path, 'utf8').split('\n');
  lines.pop(); // what is being written just now
  for (const line of lines) {
    const entry: unknown = JSON.parse(line);
    if (Value.Check(Delivery, entry) && entry.data.kind === 'trigger') {
      const trigger = parseTrigger(entry.data.text);
      file.deliveries.push(trigger.n);
      if (trigger.listenerId !== undefined) file.listenerIds.push(trigger.listenerId);
    } else if (Value.Check(Message, entry)) {
      file.messages.push(parseTrigger(entry.details.trigger).n);
      file.isAnswered = false;
    } else if (Value.Check(Answer, entry)) file.isAnswered = true;
  }
  return file;
}

function parseTrigger(text: string): { n: number; listenerId: string | undefined } {
  const { payload, listenerId } = Value.Parse(DeliveredTrigger, JSON.parse(text));
  return { n: Value.Parse(Numbered, payload).n, listenerId };
}
