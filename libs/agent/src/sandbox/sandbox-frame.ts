import type { SandboxFrame } from '@pizzapi/protocol';
import type { SandboxSetup } from './sandbox-setup.js';

/**
 * The least confinement of the sessions that this one's agent starts; null where this one is not confined and is not meant to be. What is
 * enforced here has to be enforced there, or they do not start. What is wanted here and cannot be enforced is wanted there as well.
 */
export function sandboxFrame({ state, sandbox }: SandboxSetup): SandboxFrame | null {
  if (sandbox === null) return state.mode === 'none' ? null : { mode: state.mode };
  const { mode, floor, allowedDomains, readable, writable, denied } = sandbox.policy;
  return {
    mode,
    floor: state.detail === undefined ? mode : floor,
    // In `basic` the list is without effect, and a session that is tighter by itself has its own.
    ...(mode === 'full' && { allowedDomains }),
    readable,
    writable,
    denied,
  };
}
