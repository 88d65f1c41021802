import { isRecord } from '../../../core/shape';

/** A provider's error for people: one sentence, and the provider's own text if that says more. */
export interface ProviderError {
  readonly sentence: string;
  /** Empty when the sentence says it all. */
  readonly raw: string;
}

/** Longer ones are a dump, not a sentence. */
const MAX_SENTENCE = 240;
/** Some providers wrap another's answer, as text, in their own message. */
const MAX_DEPTH = 4;
const MESSAGE_FIELDS = ['message', 'detail', 'error_description', 'error', 'title'];

/** Extracts the sentence from texts like `503: {"error":{"message":"Overloaded"}}`, keeping the status. */
export function readProviderError(text: string): ProviderError {
  const raw = text.trim();
  const message = messageIn(raw, 0);
  if (message === null) return { sentence: shortened(raw), raw: shortened(raw) === raw ? '' : raw };
  const status = /^\D{0,24}\b([45]\d\d)\b/.exec(raw.slice(0, raw.indexOf('{')))?.[1];
  const sentence = shortened(message);
  return { sentence: status === undefined ? sentence : `${sentence} (${status})`, raw };
}

/** The message of the JSON in a text; null where there is none. */
function messageIn(text: string, depth: number): string | null {
  const start = text.indexOf('{');
  if (start < 0 || depth > MAX_DEPTH) return null;
  const json = parsed(text.slice(start, text.lastIndexOf('}') + 1));
  const message = messageOf(json, depth);
  return message === null ? null : (messageIn(message, depth + 1) ?? message);
}

function messageOf(value: unknown, depth: number): string | null {
  if (typeof value === 'string') return value.trim() || null;
  if (!isRecord(value) || depth > MAX_DEPTH) return null;
  // `error` may be an object with the message in it, a text, or a mere code beside the message.
  const fields = isRecord(value['error']) ? ['error', ...MESSAGE_FIELDS] : MESSAGE_FIELDS;
  for (const field of fields) {
    const message = messageOf(value[field], depth + 1);
    if (message !== null) return message;
  }
  return null;
}

function parsed(text: string): unknown {
  try {
    const json: unknown = JSON.parse(text);
    return json;
  } catch {
    // Braces in a plain sentence, or JSON cut short: the text itself is shown.
    return undefined;
  }
}

function shortened(text: string): string {
  const line = text.split('\n', 1)[0] ?? '';
  return line.length > MAX_SENTENCE ? `${line.slice(0, MAX_SENTENCE).trimEnd()}…` : line;
}
