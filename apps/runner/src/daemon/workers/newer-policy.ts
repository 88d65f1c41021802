import type { PolicyNotice } from '@pizzapi/protocol';
import type { WorkerState } from '../../worker-state/worker-state.js';

type KeptPolicy = Pick<WorkerState, 'policy' | 'policyAt'>;

/**
 * What a notice changes of a session's policy; null: nothing. Orders and notices come by two ways: an order may bring a version that the latest notice does not
 * know yet. A policy without a version is that of an older relay.
 */
export function newerPolicy({ policyAt }: KeptPolicy, notice: PolicyNotice | null): KeptPolicy | null {
  if (notice === null || notice.policyAt === null) return null;
  if (policyAt !== undefined && policyAt >= notice.policyAt) return null;
  return { policy: notice.policy ?? undefined, policyAt: notice.policyAt };
}
