import type { UnnumberedSessionEvent } from '@pizzapi/protocol';

/** Bytes of one numbered event as JSON. */
export const EVENT_BYTES = 300;
/** A message of this many deltas, then its entry: so the transcript is written meanwhile, as in real sessions. */
const DELTAS_PER_MESSAGE = 200;

/** The `index`th event of an endless conversation, about {@link EVENT_BYTES} long once numbered. */
export function sampleEvent(index: number): UnnumberedSessionEvent {
  const messageId = `m${Math.floor(index / (DELTAS_PER_MESSAGE + 1))}`;
  const ts = new Date().toISOString();
  if (index % (DELTAS_PER_MESSAGE + 1) < DELTAS_PER_MESSAGE) {
    return padded(
      { type: 'message.delta', ts, data: { messageId, index: 0, kind: 'text', delta: '' } },
      (event, text) => {
        event.data.delta = text;
      },
    );
  }
  const content = { role: 'assistant', content: [{ type: 'text', text: '' }] };
  return padded(
    { type: 'entry.appended', ts, data: { entryId: `e${messageId}`, kind: 'assistant', ts, messageId, content } },
    (_, text) => {
      content.content = [{ type: 'text', text }];
    },
  );
}

/** Of a number of six digits with its comma. */
const SEQ_BYTES = '"seq":100000,'.length;

function padded<E extends UnnumberedSessionEvent>(event: E, fill: (event: E, text: string) => void): E {
  fill(event, 'x'.repeat(Math.max(0, EVENT_BYTES - SEQ_BYTES - JSON.stringify(event).length)));
  return event;
}
