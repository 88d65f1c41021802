import type { SessionEntry } from '@earendil-works/pi-coding-agent';
import { SandboxViolation } from '@pizzapi/protocol';
import { Value } from 'typebox/value';

/** A custom entry of pi's file: pi keeps it and does not show it to the model. */
export const ViolationEntry = 'sandbox-violation';

/** The violation in an entry, or null. */
export function violationIn(entry: SessionEntry): SandboxViolation | null {
  if (entry.type !== 'custom' || entry.customType !== ViolationEntry) return null;
  return Value.Check(SandboxViolation, entry.data) ? entry.data : null;
}
