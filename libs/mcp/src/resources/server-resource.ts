import type { ReadResourceResult } from '@modelcontextprotocol/client';
import { toolResult, type ToolResult } from '../tools/tool-result.js';

/** Something that a server has to read, or a pattern of such. */
export interface ServerResource {
  server: string;
  /** Of a template with places such as `{name}` in it. */
  uri: string;
  isTemplate: boolean;
  name: string;
  description: string;
  mimeType: string | null;
}

/** Characters of what is told of one. */
const MAX_URI = 2_000;
const MAX_NAME = 200;
const MAX_DESCRIPTION = 500;

interface Listed {
  name: string;
  title?: string | undefined;
  description?: string | undefined;
  mimeType?: string | undefined;
}

export function offeredResource(
  server: string,
  uri: string,
  { name, title, description = '', mimeType }: Listed,
  isTemplate = false,
): ServerResource {
  return {
    server,
    uri: line(uri, MAX_URI),
    isTemplate,
    name: line(title ?? name, MAX_NAME),
    description: line(description, MAX_DESCRIPTION),
    mimeType: mimeType === undefined ? null : line(mimeType, MAX_NAME),
  };
}

/** On one line, so that none looks like another's. */
function line(text: string, most: number): string {
  return text.slice(0, most).replaceAll(/\s+/g, ' ');
}

/** What a server answered, as a model reads it; bounded as the result of a tool is. */
export function resourceContent({ contents }: ReadResourceResult): ToolResult {
  return toolResult({ content: contents.map((resource) => ({ type: 'resource', resource })) });
}
