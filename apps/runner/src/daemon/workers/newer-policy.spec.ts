import type { AgentPolicy, PolicyNotice } from '@pizzapi/protocol';
import { expect, it } from 'vitest';
import { newerPolicy } from './newer-policy.js';

const loose: AgentPolicy = {};
const strict: AgentPolicy = { sandbox: { mode: 'full' } };
const [early, late] = ['2026-11-29T09:00:00.000Z', '2026-11-29T10:00:00.000Z'];
const none: PolicyNotice = { policy: null, policyAt: null };

it.each<[string, Parameters<typeof newerPolicy>[0], PolicyNotice | null, boolean]>([
  ['a later notice', { policy: loose, policyAt: early }, { policy: strict, policyAt: late }, true],
  ['the first one', {}, { policy: strict, policyAt: early }, true],
  ['one after a policy of an older relay', { policy: loose }, { policy: strict, policyAt: early }, true],
  ['the same again', { policy: strict, policyAt: late }, { policy: strict, policyAt: late }, false],
  [
    'one that is older than what an order brought',
    { policy: strict, policyAt: late },
    { policy: loose, policyAt: early },
    false,
  ],
  ['that there is none', { policy: strict, policyAt: late }, none, false],
  ['that there is none, to an older relay’s', { policy: strict }, none, false],
  ['nothing', { policy: strict, policyAt: late }, null, false],
])('%s', (_what, kept, notice, isHeeded) => {
  expect(newerPolicy(kept, notice)).toEqual(isHeeded ? notice : null);
});
