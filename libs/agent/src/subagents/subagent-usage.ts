import type { Usage } from '@earendil-works/pi-ai';
import type { SubagentRun, SubagentUsage } from '@pizzapi/protocol';

/** What all steps used, as pi keeps it with a tool's result: it counts as the session's cost, not as its window. */
export function usageOf({ steps }: SubagentRun): Usage {
  const sum = (field: keyof SubagentUsage): number => steps.reduce((total, { usage }) => total + usage[field], 0);
  const [input, output, cacheRead, cacheWrite] = [sum('input'), sum('output'), sum('cacheRead'), sum('cacheWrite')];
  const cost = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, total: sum('costUsd') };
  return { input, output, cacheRead, cacheWrite, totalTokens: input + output + cacheRead + cacheWrite, cost };
}
