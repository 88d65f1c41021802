import type { GetPromptResult } from '@modelcontextprotocol/client';
import { MAX_TEXT, toolResult } from '../tools/tool-result.js';

/** What a prompt says, as one message of a person's, bounded as a whole; what it would have the agent say is marked so. */
export function promptText({ messages }: GetPromptResult): string {
  const all = messages
    .map(({ role, content }) => {
      const text = toolResult({ content: [content] })
        .content.map((block) => (block.type === 'text' ? block.text : `[image, ${block.mimeType}, left out]`))
        .join('\n');
      return role === 'assistant' ? `You said:\n${text}` : text;
    })
    .join('\n\n');
  return all.length <= MAX_TEXT ? all : `${all.slice(0, MAX_TEXT)}\n[cut: the prompt is longer]`;
}
