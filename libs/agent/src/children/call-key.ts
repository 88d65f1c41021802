import type { ExtensionContext } from '@earendil-works/pi-coding-agent';

/**
 * Names a tool call within its session, for the relay to do it once however often it is asked. Some models number their calls anew in each
 * answer, so the entry after which it stands belongs to it.
 */
export function callKey(toolCallId: string, { sessionManager }: Pick<ExtensionContext, 'sessionManager'>): string {
  return `${sessionManager.getLeafId() ?? ''}/${toolCallId}`.slice(0, 1_000);
}
