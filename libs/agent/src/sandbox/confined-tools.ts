import type { SessionManager, SettingsManager, ToolDefinition } from '@earendil-works/pi-coding-agent';
import type { SandboxSetup } from './sandbox-setup.js';
import { sandboxTools } from './sandbox-tools.js';
import { ViolationLog } from './violation-log.js';

/** The tools of a session that has a sandbox, with what it keeps from them written into the session's file; none for one that has none. */
export function confinedTools(
  setup: SandboxSetup | undefined,
  manager: SessionManager,
  settings: SettingsManager,
): ToolDefinition[] {
  if (!setup?.sandbox) return [];
  const log = new ViolationLog(manager);
  setup.onRefusedHost((host, port) =>
    log.noteOfAnyCommand({ kind: 'connect', target: `${host}:${port}`, rule: 'allowedDomains' }),
  );
  return sandboxTools(setup.sandbox, manager.getCwd(), settings, log);
}
