import type { SessionManager, SettingsManager, ToolDefinition } from '@earendil-works/pi-coding-agent';
import type { SandboxSetup } from './sandbox-setup.js';
import { sandboxTools } from './sandbox-tools.js';
import { ViolationLog } from './violation-log.js';

/** Whose tools they are, where it is not the session's own agent. */
export interface OfSubagent {
  /** The session's call that it is part of: what is kept from it belongs there. */
  toolCallId: string;
  /** For the environment of its commands: by that they are found when it ends. */
  mark: Record<string, string>;
}

/** Makes the tools that run in the session's sandbox, for work in a folder. */
export type ConfinedTools = (cwd: string, of?: OfSubagent) => ToolDefinition[];

/** What the sandbox keeps from any of them is written into the session's file. Without a sandbox there are none. */
export function confinement(
  setup: SandboxSetup | undefined,
  manager: SessionManager,
  settings: SettingsManager,
): ConfinedTools {
  if (!setup?.sandbox) return () => [];
  const { sandbox } = setup;
  const log = new ViolationLog(manager);
  setup.onRefusal((refusal, isOfServers) => log.noteBesides(isOfServers ? 'an MCP server' : 'bash', refusal));
  return (cwd, of) =>
    of
      ? sandboxTools(sandbox, { cwd, mark: of.mark }, settings, new ViolationLog(manager, of.toolCallId))
      : sandboxTools(sandbox, { cwd, mark: {} }, settings, log);
}
