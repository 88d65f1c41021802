import type { GetPromptResult } from '@modelcontextprotocol/client';
import { toolResult } from '../tools/tool-result.js';

/** What a prompt says, as one message of a person's; what it would have the agent say is marked so. */
export function promptText({ messages }: GetPromptResult): string {
  return messages
    .map(({ role, content }) => {
      const text = toolResult({ content: [content] })
        .content.map((block) => (block.type === 'text' ? block.text : `[image, ${block.mimeType}, left out]`))
        .join('\n');
      return role === 'assistant' ? `You said:\n${text}` : text;
    })
    .join('\n\n');
}
