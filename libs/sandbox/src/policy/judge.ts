import type { SandboxPolicy } from './policy.js';
import { coversDomain, isWithin } from './scope.js';

/** Something a tool wants to do. Paths are absolute and real. */
export type Attempt = { kind: 'read' | 'write'; path: string } | { kind: 'connect'; host: string };

/** Which rule says no. */
export type SandboxRule = 'denied' | 'secrets' | 'writable' | 'fixed' | 'allowedDomains';

/**
 * Which rule forbids an attempt; null when none does. It explains what the operating system refused, and is the model of the policy
 * in tests: it enforces nothing.
 */
export function judge(policy: SandboxPolicy, attempt: Attempt): SandboxRule | null {
  if (policy.mode === 'none') return null;
  if (attempt.kind === 'connect') return judgeHost(policy, attempt.host);
  return judgeRead(policy, attempt.path) ?? (attempt.kind === 'write' ? judgeWrite(policy, attempt.path) : null);
}

function judgeHost({ mode, allowedDomains }: SandboxPolicy, host: string): SandboxRule | null {
  const isReached = mode !== 'full' || allowedDomains.some((domain) => coversDomain(domain, host.toLowerCase()));
  return isReached ? null : 'allowedDomains';
}

function judgeRead(policy: SandboxPolicy, path: string): SandboxRule | null {
  if (depth(policy.denied, path) > 0) return 'denied';
  if (depth(policy.readable, path) > 0) return null;
  // Of a secret and a place, the one that lies deeper counts: a secret in the working folder, a working folder among secrets.
  const secret = depth(policy.secrets, path);
  return secret > 0 && secret > depth([...policy.places, ...policy.visible], path) ? 'secrets' : null;
}

function judgeWrite({ places, writable, fixed }: SandboxPolicy, path: string): SandboxRule | null {
  if (depth(fixed, path) > 0) return 'fixed';
  return depth([...places, ...writable], path) > 0 ? null : 'writable';
}

/** The length of the longest of these that the path is within; 0 for none. */
function depth(roots: readonly string[], path: string): number {
  return Math.max(0, ...roots.filter((root) => isWithin(path, root)).map((root) => root.length));
}
