import { SecretFolderError } from '../errors.js';
import { realPath, type SandboxPolicy } from './policy.js';
import { coversDomain, isWithin } from './scope.js';
import { RUNTIME_TEMP } from './secrets.js';

/** Something a tool wants to do. Paths are absolute and real. */
export type Attempt = { kind: 'read' | 'write'; path: string } | { kind: 'connect'; host: string };

/** Which rule says no. */
export type SandboxRule = 'denied' | 'secrets' | 'writable' | 'fixed' | 'allowedDomains' | 'sockets' | 'processes';

/**
 * Which rule forbids an attempt; null when none does. It explains what the operating system refused, and is the model of the policy
 * in tests: it enforces nothing.
 */
export function judge(policy: SandboxPolicy, attempt: Attempt): SandboxRule | null {
  if (policy.mode === 'none') return null;
  if (attempt.kind === 'connect') return judgeHost(policy, attempt.host);
  return judgeRead(policy, attempt.path) ?? (attempt.kind === 'write' ? judgeWrite(policy, attempt.path) : null);
}

/** Whether something that stays as it is lies below: then nothing else can be put in the place of what holds it. */
export function holdsFixed({ mode, fixed, obeyed }: SandboxPolicy, path: string): boolean {
  return mode !== 'none' && [...fixed, ...obeyed].some((kept) => kept !== path && isWithin(kept, path));
}

/** @throws SecretFolderError when tools may not read the folder in which they are to work */
export function refuseSecretFolder(policy: SandboxPolicy, folder: string): void {
  const rule = judge(policy, { kind: 'read', path: realPath(folder) });
  if (rule === 'denied' || rule === 'secrets') throw new SecretFolderError(folder, rule);
}

function judgeHost({ mode, allowedDomains }: SandboxPolicy, host: string): SandboxRule | null {
  const isReached = mode !== 'full' || allowedDomains.some((domain) => coversDomain(domain, host.toLowerCase()));
  return isReached ? null : 'allowedDomains';
}

function judgeRead(
  { denied, readable, secrets, shared, visible, places }: SandboxPolicy,
  path: string,
): SandboxRule | null {
  if (depth(denied, path) > 0) return 'denied';
  if (depth(readable, path) > 0) return null;
  // Of two that hold it, the one that lies deeper counts. A session's folder opens what is shared, and no secret.
  const isSecret = depth(secrets, path) > depth(visible, path);
  const isOfOthers = depth([...shared, RUNTIME_TEMP], path) > depth([...places, ...visible], path);
  return isSecret || isOfOthers ? 'secrets' : null;
}

function judgeWrite({ places, writable, fixed, obeyed, absent }: SandboxPolicy, path: string): SandboxRule | null {
  if (depth([...fixed, ...obeyed, ...absent], path) > 0) return 'fixed';
  return depth([...places, ...writable], path) > 0 ? null : 'writable';
}

/** The length of the longest of these that the path is within; 0 for none. */
function depth(roots: readonly string[], path: string): number {
  return Math.max(0, ...roots.filter((root) => isWithin(path, root)).map((root) => root.length));
}
