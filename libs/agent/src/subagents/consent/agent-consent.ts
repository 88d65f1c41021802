import { MAX_CONSENT_CONTENT, type SettledApproval } from '@pizzapi/protocol';
import type { ApprovalDesk } from '../../approvals/approval-desk.js';
import type { Caller } from '../../approvals/caller.js';
import type { AgentDefinition } from '../agents/agent-definition.js';
import { AgentNotTrustedError } from '../subagent-error.js';
import type { AgentConsents } from '../subagent-ports.js';
import { authorOf, type SessionReader } from './session-author.js';

/**
 * Whether agents of a project may be used. A repository can never trust itself: the person whose words are worked on is asked, once for each
 * file and content. Nobody there means no.
 */
export class AgentConsent {
  readonly #desk: ApprovalDesk;
  readonly #consents: AgentConsents;
  /** What is being asked or was agreed to in this process, by the person whose words are worked on, file and content. */
  readonly #agreed = new Map<string, Promise<SettledApproval>>();

  constructor(desk: ApprovalDesk, consents: AgentConsents) {
    this.#desk = desk;
    this.#consents = consents;
  }

  /** @throws AgentNotTrustedError */
  async require(
    agent: AgentDefinition,
    abilities: string[],
    manager: SessionReader,
    { toolCallId, signal, whileAsking = (answer) => answer }: Caller,
  ): Promise<void> {
    if (agent.source === 'user') return;
    const userId = authorOf(manager);
    if (userId !== null && this.#consents.has(agent, userId)) return;
    if (agent.content.length > MAX_CONSENT_CONTENT) throw tooLong(agent);
    const key = JSON.stringify([userId, agent.hash, agent.path]);
    const asked = this.#agreed.get(key) ?? this.#ask(agent, abilities, toolCallId, signal);
    this.#agreed.set(key, asked);
    const approval = await whileAsking(asked).catch((error: unknown) => {
      this.#agreed.delete(key);
      throw error;
    });
    if (approval.outcome === 'allowed') return;
    this.#agreed.delete(key);
    throw new AgentNotTrustedError(agent.name, agent.path, refusal(approval));
  }

  async #ask(
    agent: AgentDefinition,
    abilities: string[],
    toolCallId: string,
    signal: AbortSignal | undefined,
  ): Promise<SettledApproval> {
    const { name, path, hash, content } = agent;
    const subject = { kind: 'consent' as const, thing: 'agent' as const, name, path, hash, abilities, content };
    const approval = await this.#desk.ask(subject, toolCallId, signal);
    const { outcome, answeredBy, scope } = approval;
    if (outcome === 'allowed' && answeredBy && scope !== 'session') this.#consents.add(agent, answeredBy);
    return approval;
  }
}

/** Nobody can agree to what they are not shown. */
function tooLong({ name, path, content }: AgentDefinition): AgentNotTrustedError {
  const lengths = `${content.length} characters, more than the ${MAX_CONSENT_CONTENT} that a person can be shown`;
  return new AgentNotTrustedError(
    name,
    path,
    `its file has ${lengths}. Shorten it, or put it into the user's own folder.`,
  );
}

function refusal({ outcome, answeredBy, reason, text }: SettledApproval): string {
  if (outcome === 'expired') return 'nobody answered in time, which means no.';
  if (outcome === 'closed') return `nobody can answer any more (${reason ?? 'the turn ended.'}).`;
  const note = text === undefined || text.trim() === '' ? '' : ` They wrote: ${text}`;
  return `${answeredBy?.name ?? 'the person'} said no.${note}`;
}
