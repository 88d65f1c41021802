import type { CustomMessage } from './custom-message.js';
import type { InboxItem } from '@pizzapi/protocol';
import type { AttachedParts } from '../attachments/attached-files.js';
import { triggerIn } from './delivered-trigger.js';
import { triggerMessage } from './trigger-message.js';

/** `customType` of the messages that deliveries become. */
export const CustomType = { input: 'input', trigger: 'trigger' } as const;

/**
 * The message that a delivery becomes. `details.id` is the delivery's id: with it the file itself says what was
 * delivered. A person's input stands as their words. `details.trigger` is the trigger's JSON as it came, for the console.
 */
export function deliveryMessage(item: InboxItem): CustomMessage & { content: string };
export function deliveryMessage(item: InboxItem, attached: AttachedParts | null): CustomMessage;
export function deliveryMessage(item: InboxItem, attached: AttachedParts | null = null): CustomMessage {
  const prompt = triggerIn(item)?.prompt;
  return {
    role: 'custom',
    customType: CustomType[item.kind],
    content: withAttached(deliveryText(item), attached),
    display: true,
    details: {
      id: item.deliveryId,
      deliverAs: item.deliverAs,
      ts: item.ts,
      ...(item.kind === 'trigger' && { trigger: item.text }),
      ...(prompt !== undefined && { prompt }),
      ...(item.authorId !== undefined && { authorId: item.authorId }),
      ...(item.authorName !== undefined && { authorName: item.authorName }),
      ...(item.fromSessionId !== undefined && { fromSessionId: item.fromSessionId }),
      ...(item.attachments !== undefined && { attachments: item.attachments }),
    },
    timestamp: Date.now(),
  };
}

/** What a delivery says, without what is attached to it. */
export function deliveryText(item: InboxItem): string {
  return item.kind === 'input' ? item.text : triggerMessage(item);
}

/** The words first, if there are any, then the note and the images: so the words are found again. */
export function withAttached(words: string, attached: AttachedParts | null): CustomMessage['content'] {
  if (!attached) return words;
  const { note, images } = attached;
  return [...(words === '' ? [] : [{ type: 'text' as const, text: words }]), note, ...images];
}

/** The words of a message made by {@link withAttached}. */
export function wordsOf(content: CustomMessage['content']): string {
  if (typeof content === 'string') return content;
  const [words, note] = content.filter((block) => block.type === 'text');
  return words && note ? words.text : '';
}
