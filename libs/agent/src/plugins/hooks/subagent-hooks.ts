import { v7 } from 'uuid';
import { noteBlock } from './hook-extension.js';
import type { SessionHooks } from './session-hooks.js';

/** What plugins' hooks have to do with subagents. */
export interface SubagentHooks {
  /** One starts. @returns what it is told besides its task, and whom to tell of its end */
  started(agent: string, signal: AbortSignal): Promise<{ told: string[]; ended: (answer: string) => Promise<void> }>;
}

export function subagentHooks(hooks: SessionHooks): SubagentHooks {
  return {
    started: async (agent, signal) => {
      const who = { agent_id: v7(), agent_type: agent };
      const begun = await hooks.run('SubagentStart', { fields: who, names: [agent], signal });
      noteBlock(hooks, begun);
      const ended = async (answer: string): Promise<void> => {
        const fields = { ...who, stop_hook_active: false, last_assistant_message: answer };
        noteBlock(hooks, await hooks.run('SubagentStop', { fields, names: [agent] }));
      };
      return { told: begun.context, ended };
    },
  };
}
