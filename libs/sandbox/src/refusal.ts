import type { SandboxRule } from './policy/judge.js';

/** Something that the sandbox kept from what runs behind its wall. */
export interface Refusal {
  kind: 'read' | 'write' | 'connect';
  /** The path, or the host with its port. */
  target: string;
  rule: SandboxRule;
}
