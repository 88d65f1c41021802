import type { UnnumberedSessionEvent } from '@pizzapi/protocol';

/** About what an event's envelope takes on the wire. */
const ENVELOPE_BYTES = 160;

/** A close upper estimate of an event's bytes on the wire. Deltas, by far the most, are not serialised for it. */
export function estimateEventBytes(event: UnnumberedSessionEvent): number {
  switch (event.type) {
    case 'message.delta':
    case 'tool.output':
      return ENVELOPE_BYTES + Buffer.byteLength(event.data.delta) * 2;
    default:
      return ENVELOPE_BYTES + Buffer.byteLength(JSON.stringify(event.data));
  }
}
