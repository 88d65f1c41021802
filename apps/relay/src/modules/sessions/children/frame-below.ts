import type { SandboxFrame } from '@pizzapi/protocol';
import type { SessionEntity } from '../session.entity.js';

/** A session that others stand below. */
export type FramedParent = Pick<SessionEntity, 'runnerId' | 'sandbox' | 'sandboxFrame'>;

/**
 * How tightly a session below this one is confined at least: it is never looser than its parent, wherever it runs.
 * @param said by the parent's worker, which alone knows all of it; an older one does not say, and neither does a person who starts the session
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
