import type { CustomMessage } from './custom-message.js';
import type { InboxItem } from '@pizzapi/protocol';
import { triggerIn } from './delivered-trigger.js';
import { triggerMessage } from './trigger-message.js';

/** `customType` of the messages that deliveries become. */
export const CustomType = { input: 'input', trigger: 'trigger' } as const;

/**
 * The message that a delivery becomes. `details.id` is the delivery's id: with it the file itself says what was
 * delivered. A person's input stands as their words. `details.trigger` is the trigger's JSON as it came, for the console.
 */
export function deliveryMessage(item: InboxItem): CustomMessage & { content: string } {
  const prompt = triggerIn(item)?.prompt;
  return {
    role: 'custom',
    customType: CustomType[item.kind],
    content: item.kind === 'input' ? item.text : triggerMessage(item),
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
    },
    timestamp: Date.now(),
  };
}
