import type { CallToolResult, ContentBlock } from '@modelcontextprotocol/client';

export type ResultBlock =
  | { type: 'text'; text: string }
  /** Base64. */
  | { type: 'image'; data: string; mimeType: string };

export interface ToolResult {
  content: ResultBlock[];
  isError: boolean;
}

/** Characters; more would fill the context of most models. */
export const MAX_TEXT = 100_000;
const MAX_IMAGES = 10;
/** Of one image, in characters of base64, and of all of a result. Providers take no larger ones, and a result travels to the relay in one message. */
const MAX_IMAGE = 5 * 1024 * 1024;
const MAX_ALL_IMAGES = 10 * 1024 * 1024;
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
  let imageRoom = MAX_ALL_IMAGES;
  let images = 0;
  let leftOut = 0;
  const kept = blocks.flatMap((block): ResultBlock[] => {
    if (block.type === 'image') {
      const size = block.data.length;
      const fits = images < MAX_IMAGES && size <= MAX_IMAGE && size <= imageRoom;
      images += fits ? 1 : 0;
      imageRoom -= fits ? size : 0;
      leftOut += fits ? 0 : 1;
      return fits ? [block] : [];
    }
    if (room === 0) return [];
    const text = block.text.slice(0, room);
    room -= text.length;
    return [{ type: 'text', text: text.length < block.text.length ? `${text}\n[cut: the answer is longer]` : text }];
  });
  if (leftOut > 0) kept.push({ type: 'text', text: `[${leftOut} of its images left out: too large, or too many]` });
  return kept;
}
