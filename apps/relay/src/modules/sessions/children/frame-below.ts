import type { SandboxFrame } from '@pizzapi/protocol';
import type { SessionEntity } from '../session.entity.js';

/** What of a parent decides how its children are confined. */
export type FramedParent = Pick<SessionEntity, 'runnerId' | 'sandbox' | 'sandboxFrame'>;

/**
 * How tightly a child has to be confined at least: never more loosely than its parent, wherever it runs.
 * @param said the frame according to the parent's worker, which alone knows all of it. Absent from an older worker, and when a person starts the child.
 */
export function frameBelow(parent: FramedParent, runnerId: string, said?: SandboxFrame): SandboxFrame | null {
  const frame = said ?? frameOf(parent);
  if (frame === null || runnerId === parent.runnerId) return frame;
  // Paths of one machine mean nothing on another.
  const { mode, floor, allowedDomains } = frame;
  return { mode, ...(floor && { floor }), ...(allowedDomains && { allowedDomains }) };
}

function frameOf({ sandbox, sandboxFrame }: FramedParent): SandboxFrame | null {
  if (sandbox === null || sandbox.mode === 'none') return sandboxFrame;
  const { mode, isEnforced, detail } = sandbox;
  return { ...sandboxFrame, mode, ...(isEnforced && detail === undefined && { floor: mode }) };
}
