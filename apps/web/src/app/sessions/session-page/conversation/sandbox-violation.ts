import type { SandboxRule, SandboxViolation } from '@pizzapi/protocol';
import { has } from '../../../core/shape';

/** A transcript notice about what the sandbox blocked. */
export function isSandboxViolation(value: unknown): value is SandboxViolation {
  return has(value, 'role', 'toolName', 'kind', 'target', 'rule', 'at') && value.role === 'sandboxViolation';
}

const DEEDS: Record<SandboxViolation['kind'], string> = { read: 'read', write: 'change', connect: 'connect to' };
const REASONS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    denied: 'denied by the settings',
    secrets: 'holds secrets',
    writable: 'outside of the working folder',
    fixed: 'other programs obey it',
    allowedDomains: 'not an allowed domain',
    sockets: 'a daemon’s socket',
    processes: 'other processes are out of sight',
  } satisfies Record<SandboxRule, string>),
);

/** What was blocked, and why. A rule of a newer runner is shown by its name. */
export function violationWords({ kind, target, rule }: SandboxViolation): {
  deed: string;
  target: string;
  reason: string;
} {
  // Signalling or tracing a process is not a change of a file.
  const deed = rule === 'processes' && kind === 'write' ? 'reach' : DEEDS[kind];
  return { deed, target, reason: REASONS.get(rule) ?? rule };
}
