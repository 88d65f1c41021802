import { DeliveredTrigger, type InboxItem, withDirectionsShown } from '@pizzapi/protocol';
import { Compile } from 'typebox/compile';

const delivered = Compile(DeliveredTrigger);

/** The trigger in a delivery; null for a person's input, and for what an older relay sent as a trigger. */
export function triggerIn(item: InboxItem): DeliveredTrigger | null {
  if (item.kind !== 'trigger') return null;
  let json: unknown;
  try {
    json = JSON.parse(item.text);
  } catch {
    return null; // is shown to the model as it is, as data
  }
  return delivered.Check(json) ? json : null;
}

/** A trigger in a few words, for people: in the queue, and as the name of a session that it started. */
export function shortTextOf(trigger: DeliveredTrigger): string {
  const summary = trigger.summary?.replaceAll(/\s+/g, ' ').trim() ?? '';
  return cut(withDirectionsShown(summary === '' ? trigger.type : summary));
}

function cut(text: string): string {
  const letters = [...text];
  return letters.length <= MAX_LENGTH
    ? text
    : `${letters
        .slice(0, MAX_LENGTH - 1)
        .join('')
        .trimEnd()}…`;
}

/** As long as the name that the relay makes of a prompt. */
const MAX_LENGTH = 80;
