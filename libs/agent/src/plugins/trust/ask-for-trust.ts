import type { ProjectPlugin } from '@pizzapi/plugins';
import { MAX_PLUGIN_CONTENT } from '@pizzapi/protocol';
import type { ApprovalDesk } from '../../approvals/approval-desk.js';
import type { PluginTrust } from './plugin-trust.js';

/** What becomes of an answer in the session that asked. */
export type OnAnswer = (plugin: ProjectPlugin, isTrusted: boolean) => Promise<void>;

/**
 * Asks people whether a plugin of the project may be used. Nothing waits for the answer: the session works without the plugin until then,
 * and where nobody answers it goes on without.
 */
export async function askForTrust(
  desk: ApprovalDesk,
  trust: PluginTrust,
  candidate: ProjectPlugin,
  onAnswer: OnAnswer,
): Promise<void> {
  const { plugin, hash, abilities, content } = candidate;
  const { name, path } = plugin;
  const subject = {
    kind: 'consent' as const,
    thing: 'plugin' as const,
    name,
    path,
    hash,
    abilities,
    content: content.slice(0, MAX_PLUGIN_CONTENT),
  };
  const { outcome, answeredBy, scope } = await desk.ask(subject, `plugin ${path}`, undefined);
  if (outcome !== 'allowed' && outcome !== 'denied') return;
  const isTrusted = outcome === 'allowed';
  if (answeredBy && scope !== 'session') trust.remember({ path, hash }, isTrusted ? 'trusted' : 'refused', answeredBy);
  await onAnswer(candidate, isTrusted);
}
