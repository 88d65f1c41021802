import type { SessionManager, SettingsManager, ToolDefinition } from '@earendil-works/pi-coding-agent';
import type { SandboxSetup } from './sandbox-setup.js';
import { sandboxTools } from './sandbox-tools.js';
import { ViolationLog } from './violation-log.js';

/** Makes the tools that run in the session's sandbox, for work in a folder. What is kept from a subagent's belongs to the session's call that it is part of. */
export type ConfinedTools = (cwd: string, ofCall?: string) => ToolDefinition[];

/** What the sandbox keeps from any of them is written into the session's file. Without a sandbox there are none. */
export function confinement(
  setup: SandboxSetup | undefined,
  manager: SessionManager,
  settings: SettingsManager,
): ConfinedTools {
  if (!setup?.sandbox) return () => [];
  const { sandbox } = setup;
  const log = new ViolationLog(manager);
  setup.onRefusedHost((host, port) =>
    log.noteOfAnyCommand({ kind: 'connect', target: `${host}:${port}`, rule: 'allowedDomains' }),
  );
  return (cwd, ofCall) =>
    sandboxTools(sandbox, cwd, settings, ofCall === undefined ? log : new ViolationLog(manager, ofCall));
}
