import type { SessionEntry } from '@earendil-works/pi-coding-agent';
import type { Usage } from '@earendil-works/pi-ai';
import type { SessionUsage, SubagentShare } from '@pizzapi/protocol';
import { SUBAGENT } from '../subagents/subagent-name.js';

/** What fills the model's window, as pi estimates it. */
export interface WindowUse {
  tokens: number | null;
  contextWindow: number;
}

const NOTHING: SubagentShare = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, costUsd: 0 };

/** Adds up a session's tokens and cost entry by entry, so that a long session is not read again for each answer. */
export class UsageMeter {
  #total = NOTHING;
  #subagents = NOTHING;
  #hasSubagents = false;

  /** @returns whether the entry had a usage to add. */
  add(entry: SessionEntry): boolean {
    const usage = usageOf(entry);
    if (!usage) return false;
    this.#total = plus(this.#total, usage);
    if (entry.type === 'message' && entry.message.role === 'toolResult' && entry.message.toolName === SUBAGENT) {
      this.#subagents = plus(this.#subagents, usage);
      this.#hasSubagents = true;
    }
    return true;
  }

  total(window: WindowUse | undefined): SessionUsage {
    return {
      ...this.#total,
      contextTokens: typeof window?.tokens === 'number' ? Math.round(window.tokens) : null,
      contextWindow: window?.contextWindow ?? 0,
      ...(this.#hasSubagents && { subagents: this.#subagents }),
    };
  }
}

function plus(sum: SubagentShare, usage: Usage): SubagentShare {
  return {
    input: sum.input + usage.input,
    output: sum.output + usage.output,
    cacheRead: sum.cacheRead + usage.cacheRead,
    cacheWrite: sum.cacheWrite + usage.cacheWrite,
    costUsd: sum.costUsd + usage.cost.total,
  };
}

function usageOf(entry: SessionEntry): Usage | undefined {
  if (entry.type === 'usage' || entry.type === 'compaction' || entry.type === 'branch_summary') return entry.usage;
  if (entry.type !== 'message') return undefined;
  const { message } = entry;
  return message.role === 'assistant' || message.role === 'toolResult' ? message.usage : undefined;
}
