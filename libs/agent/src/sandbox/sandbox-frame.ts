import type { SandboxFrame } from '@pizzapi/protocol';
import type { SandboxSetup } from './sandbox-setup.js';

/**
 * How tightly the sessions that this one's agent starts are confined at least; null: it is not confined, and wants to be neither. What holds here
 * has to hold there, or they do not start. What is wanted and cannot be had here is wanted there.
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
