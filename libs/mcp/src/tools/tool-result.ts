import type { CallToolResult, ContentBlock } from '@modelcontextprotocol/client';

export type ResultBlock =
  | { type: 'text'; text: string }
  /** Base64. */
  | { type: 'image'; data: string; mimeType: string };

export interface ToolResult {
  content: ResultBlock[];
  isError: boolean;
}

/** More would fill the context of most models. */
const MAX_TEXT = 100_000;
const MAX_IMAGES = 10;
const IMAGES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

/** What a server answered, as a model reads it: text and images as they are, everything else named. */
export function toolResult({ content, structuredContent, isError }: CallToolResult): ToolResult {
  const blocks = content.map(blockOf);
  // Servers repeat structured content as text; some do not.
  if (structuredContent !== undefined && !blocks.some(({ type }) => type === 'text'))
    blocks.push({ type: 'text', text: JSON.stringify(structuredContent, null, 2) });
  return { content: bounded(blocks), isError: isError === true };
}

function blockOf(block: ContentBlock): ResultBlock {
  switch (block.type) {
    case 'text':
      return { type: 'text', text: block.text };
    case 'image':
      return image(block.data, block.mimeType);
    case 'audio':
      return { type: 'text', text: `[audio, ${block.mimeType}, which cannot be heard here]` };
    case 'resource_link':
      return {
        type: 'text',
        text: `[resource ${block.name}: ${block.uri}]${block.description ? ` ${block.description}` : ''}`,
      };
    case 'resource': {
      const { resource } = block;
      if ('text' in resource) return { type: 'text', text: `[resource ${resource.uri}]\n${resource.text}` };
      const { mimeType = 'unknown type' } = resource;
      return IMAGES.has(mimeType)
        ? image(resource.blob, mimeType)
        : { type: 'text', text: `[resource ${resource.uri}, ${mimeType}, which is not text]` };
    }
  }
}

function image(data: string, mimeType: string): ResultBlock {
  if (IMAGES.has(mimeType)) return { type: 'image', data, mimeType };
  return { type: 'text', text: `[image, ${mimeType}, which cannot be shown here]` };
}

function bounded(blocks: ResultBlock[]): ResultBlock[] {
  let room = MAX_TEXT;
  let images = 0;
  return blocks.flatMap((block): ResultBlock[] => {
    if (block.type === 'image') return (images += 1) <= MAX_IMAGES ? [block] : [];
    if (room === 0) return [];
    const text = block.text.slice(0, room);
    room -= text.length;
    return [{ type: 'text', text: text.length < block.text.length ? `${text}\n[cut: the answer is longer]` : text }];
  });
}
