import { existsSync } from 'node:fs';
import { judge } from '../policy/judge.js';
import type { SandboxPolicy } from '../policy/policy.js';
import { isWithin } from '../policy/scope.js';

/** Lists as sandbox-runtime takes them. */
export interface RuntimeFilesystem {
  denyRead: string[];
  allowRead: string[];
  allowWrite: string[];
  denyWrite: string[];
}

/**
 * The policy in sandbox-runtime's words: everything can be read but `denyRead`, from which `allowRead` and `allowWrite` are exceptions
 * where they lie deeper; nothing can be written but `allowWrite`, from which `denyWrite` is an exception. Only what exists is named: for
 * anything else an empty file would be put into its place, for everybody to see.
 */
export function runtimeFilesystem(policy: SandboxPolicy): RuntimeFilesystem {
  const { visible, fixed, obeyed, secrets, shared, readable, denied } = policy;
  const isAmong = (roots: readonly string[], path: string): boolean => roots.some((root) => isWithin(path, root));
  const hidden = [...secrets, ...shared].filter((path) => !isAmong(readable, path));
  const present = (paths: readonly string[]): string[] => [...new Set(paths)].filter((path) => existsSync(path));
  return {
    denyRead: present([...hidden, ...denied]),
    allowRead: present([...visible, ...readable]).filter((path) => !isAmong(denied, path)),
    allowWrite: present(writableRoots(policy)),
    denyWrite: present([...fixed, ...obeyed, ...denied]),
  };
}

/** Folders that the runner obeys and tools could make: they have to be there to be kept as they are. */
export function missingObeyed(policy: SandboxPolicy): string[] {
  const roots = writableRoots(policy);
  return policy.obeyed.filter(
    (path) => !existsSync(path) && isReadable(policy, path) && roots.some((root) => isWithin(path, root)),
  );
}

/** A secret that is not readable is not writable either: what is bound to be written can also be read. */
function writableRoots(policy: SandboxPolicy): string[] {
  return [...policy.places, ...policy.writable].filter((path) => isReadable(policy, path));
}

function isReadable(policy: SandboxPolicy, path: string): boolean {
  return judge(policy, { kind: 'read', path }) === null;
}
