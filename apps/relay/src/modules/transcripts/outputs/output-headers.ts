import type { ToolOutput } from './read-output.js';

/**
 * How a text that anybody may have made is given to a browser: to be saved, and as nothing that it would run. Should it be opened all the
 * same, it has no scripts, no origin and no network.
 */
export function outputHeaders({ entry, bytes }: Pick<ToolOutput, 'entry' | 'bytes'>): Record<string, string> {
  return {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': String(bytes),
    'content-disposition': `attachment; filename="${toolIn(entry.content)}-${inFileName(entry.entryId)}.txt"`,
    'content-security-policy': "default-src 'none'; sandbox",
    'cross-origin-resource-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
  };
}

function toolIn(message: object): string {
  return 'toolName' in message && typeof message.toolName === 'string' ? inFileName(message.toolName) : 'output';
}

/** Names of tools and ids of entries are made by anybody. */
function inFileName(name: string): string {
  return name.replaceAll(/[^\w.-]+/g, '_').slice(0, 80);
}
