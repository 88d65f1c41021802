import { join } from 'node:path';
import { hasTrustRequiringProjectResources, ProjectTrustStore, SettingsManager } from '@earendil-works/pi-coding-agent';
import { judge, realPath, type SandboxPolicy } from '@pizzapi/sandbox';

/**
 * Whether pi's settings, extensions and skills of a folder hold there: only where pi was told to trust it, as nobody is there to be asked. They
 * act outside of the sandbox. So where there is one, they count only if no tool can write them: a folder's `.pi` that an agent could have made
 * meanwhile is not what somebody trusted.
 */
export function isProjectTrusted(cwd: string, agentDir: string, sandbox: SandboxPolicy | null): boolean {
  if (sandbox === null && !hasTrustRequiringProjectResources(cwd)) return true;
  const ownSettings = SettingsManager.create(cwd, agentDir, { projectTrusted: false });
  const isTold = new ProjectTrustStore(agentDir).get(cwd) ?? ownSettings.getDefaultProjectTrust() === 'always';
  return isTold && (sandbox === null || isKept(sandbox, join(cwd, '.pi')));
}

function isKept(sandbox: SandboxPolicy, path: string): boolean {
  return judge(sandbox, { kind: 'write', path: realPath(path) }) !== null;
}
