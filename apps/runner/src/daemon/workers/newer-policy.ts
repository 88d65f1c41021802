import type { PolicyNotice } from '@pizzapi/protocol';
import type { WorkerState } from '../../worker-state/worker-state.js';

type KeptPolicy = Pick<WorkerState, 'policy' | 'policyAt'>;

/**
 * What a notice changes about a session's policy; null for nothing. Orders and notices travel separately, so an order may have brought a
 * newer version than the latest notice. A notice without a version comes from an older relay and changes nothing.
 */
export function newerPolicy({ policyAt }: KeptPolicy, notice: PolicyNotice | null): KeptPolicy | null {
  if (notice === null || notice.policyAt === null) return null;
  if (policyAt !== undefined && policyAt >= notice.policyAt) return null;
  return { policy: notice.policy ?? undefined, policyAt: notice.policyAt };
}
