import { existsSync } from 'node:fs';
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
  const { places, visible, fixed, secrets, readable, writable, denied } = policy;
  const isAmong = (roots: readonly string[], path: string): boolean => roots.some((root) => isWithin(path, root));
  const secret = secrets.filter((path) => !isAmong(readable, path));
  const present = (paths: readonly string[]): string[] => [...new Set(paths)].filter((path) => existsSync(path));
  const allowed = (paths: readonly string[]): string[] => present(paths).filter((path) => !isAmong(denied, path));
  return {
    denyRead: present([...secret, ...denied]),
    allowRead: allowed([...visible, ...readable]),
    // A secret that is not readable is not writable either: what is bound to be written can also be read.
    allowWrite: allowed([...places, ...writable.filter((path) => !isAmong(secret, path))]),
    denyWrite: present([...fixed, ...denied]),
  };
}
