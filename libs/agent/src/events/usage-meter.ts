import type { SessionEntry } from '@earendil-works/pi-coding-agent';
import type { Usage } from '@earendil-works/pi-ai';
import type { SessionUsage } from '@pizzapi/protocol';

/** What fills the model's window, as pi estimates it. */
export interface WindowUse {
  tokens: number | null;
  contextWindow: number;
}

/** Adds up a session's tokens and cost entry by entry, so that a long session is not read again for each answer. */
export class UsageMeter {
  #input = 0;
  #output = 0;
  #cacheRead = 0;
  #cacheWrite = 0;
  #costUsd = 0;

  /** @returns whether the entry had a usage to add. */
  add(entry: SessionEntry): boolean {
    const usage = usageOf(entry);
    if (!usage) return false;
    this.#input += usage.input;
    this.#output += usage.output;
    this.#cacheRead += usage.cacheRead;
    this.#cacheWrite += usage.cacheWrite;
    this.#costUsd += usage.cost.total;
    return true;
  }

  total(window: WindowUse | undefined): SessionUsage {
    return {
      input: this.#input,
      output: this.#output,
      cacheRead: this.#cacheRead,
      cacheWrite: this.#cacheWrite,
      costUsd: this.#costUsd,
      contextTokens: typeof window?.tokens === 'number' ? Math.round(window.tokens) : null,
      contextWindow: window?.contextWindow ?? 0,
    };
  }
}

function usageOf(entry: SessionEntry): Usage | undefined {
  if (entry.type === 'usage' || entry.type === 'compaction' || entry.type === 'branch_summary') return entry.usage;
  if (entry.type !== 'message') return undefined;
  const { message } = entry;
  return message.role === 'assistant' || message.role === 'toolResult' ? message.usage : undefined;
}
