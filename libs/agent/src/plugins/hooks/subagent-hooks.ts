import { v7 } from 'uuid';
import { noteBlock } from './hook-extension.js';
import type { SessionHooks } from './session-hooks.js';

/** What plugins' hooks have to do with subagents. */
export interface SubagentHooks {
  /** Runs one, between what its hooks have to say. @param run does it, with what it is told besides its task */
  around(agent: string, signal: AbortSignal, run: (told: string[]) => Promise<string>): Promise<string>;
}

export function subagentHooks(hooks: SessionHooks): SubagentHooks {
  return {
    around: async (agent, signal, run) => {
      const who = { agent_id: v7(), agent_type: agent };
      const begun = await hooks.run('SubagentStart', { fields: who, names: [agent], signal });
      noteBlock(hooks, begun);
      const ended = async (answer: string): Promise<void> => {
        const fields = { ...who, stop_hook_active: false, last_assistant_message: answer };
        noteBlock(hooks, await hooks.run('SubagentStop', { fields, names: [agent] }));
      };
      try {
        const answer = await run(begun.context);
        await ended(answer);
        return answer;
      } catch (error) {
        await ended('');
        throw error;
      }
    },
  };
}
