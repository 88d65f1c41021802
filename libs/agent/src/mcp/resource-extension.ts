import type { ExtensionFactory } from '@earendil-works/pi-coding-agent';
import type { McpServers } from '@pizzapi/mcp';
import { v7 } from 'uuid';
import type { ApprovalGate } from '../approvals/approval-gate.js';
import { textOfBlocks } from '../events/text-blocks.js';
import { mentionsIn, type ResourceMention } from './resource-mentions.js';
import { READ_RESOURCE } from './resource-tools.js';

/** A message of pi's that only the model reads. */
const RESOURCE_MESSAGE = 'mcp-resource';

export interface ResourceHands {
  servers: Pick<McpServers, 'withResources' | 'read'>;
  /** By the rules for the tool that reads. */
  gate: Pick<ApprovalGate, 'check'>;
  cwd: string;
}

/** Reads for the model what a person's words name of servers. Only a person's: no trigger's, and no other agent's. */
export function resourceExtension(hands: ResourceHands): ExtensionFactory {
  return (pi) => {
    let said = '';
    pi.on('input', ({ text, source }) => {
      said = source === 'interactive' ? text : '';
    });
    pi.on('before_agent_start', async (_event, { signal }) => {
      const mentions = mentionsIn(said, hands.servers.withResources);
      said = '';
      if (mentions.length === 0) return undefined;
      const texts = await Promise.all(mentions.map((mention) => contentOf(mention, hands, signal)));
      return { message: { customType: RESOURCE_MESSAGE, content: texts.join('\n\n'), display: false } };
    });
  };
}

async function contentOf(
  { server, uri }: ResourceMention,
  { servers, gate, cwd }: ResourceHands,
  signal: AbortSignal | undefined,
): Promise<string> {
  const args = { server, uri };
  try {
    const verdict = await gate.check({ toolName: READ_RESOURCE, args, cwd }, { toolCallId: `mention-${v7()}`, signal });
    if (verdict.blockedBy !== null) return `(@${server}:${uri} was not read: ${verdict.blockedBy})`;
    const { content } = await servers.read(server, uri, signal);
    return `Content of @${server}:${uri}:\n\n${textOfBlocks(content)}`;
  } catch (error) {
    return `(@${server}:${uri} was not read: ${error instanceof Error ? error.message : String(error)})`;
  }
}
