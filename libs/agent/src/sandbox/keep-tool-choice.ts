import type { AgentSession, SettingsManager } from '@earendil-works/pi-coding-agent';

/** pi's own tools, and those of them that it offers to a model unless a person chooses. */
const PI_TOOLS = new Set(['bash', 'read', 'write', 'edit', 'ls', 'find', 'grep']);
const OFFERED = ['read', 'bash', 'edit', 'write'];

/** pi offers all tools that it is given: which of its own a model has stays what it would be without the sandbox. */
export function keepToolChoice(session: AgentSession, settings: SettingsManager): void {
  const chosen = settings.getDefaultTools() ?? OFFERED;
  session.setActiveToolsByName(
    session.getActiveToolNames().filter((name) => !PI_TOOLS.has(name) || chosen.includes(name)),
  );
}
