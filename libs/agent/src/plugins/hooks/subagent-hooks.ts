import type { HooksAnswer } from '@pizzapi/plugins';
import type { Caller } from '../../approvals/caller.js';
import { afterCall, type AfterCall, type EndedCall } from './after-call.js';
import { noteBlock } from './note-block.js';
import type { SessionHooks } from './session-hooks.js';

interface AgentRun {
  agent: string;
  agentId: string;
}

/** What plugins' hooks have to do with subagents. */
export interface SubagentHooks {
  /** Runs one, between what its hooks have to say. @param go does it, with what it is told besides its task */
  around(run: AgentRun, signal: AbortSignal, go: (told: string[]) => Promise<string>): Promise<string>;
  /** One of its calls has ended. */
  after(call: EndedCall, caller: Caller): Promise<Omit<AfterCall, 'isOver'>>;
}

/** @param stop ends the turn */
export function subagentHooks(hooks: SessionHooks, stop: () => void): SubagentHooks {
  return {
    after: async (call, caller) => {
      const after = await afterCall(hooks, call, caller);
      if (after.isOver) stop();
      return after;
    },
    around: async ({ agent, agentId }, signal, go) => {
      const who = { agent_id: agentId, agent_type: agent };
      const heard = (answer: HooksAnswer): void => {
        noteBlock(hooks, answer);
        if (answer.stop) stop();
      };
      const begun = await hooks.run('SubagentStart', { fields: who, names: [agent], signal });
      heard(begun);
      signal.throwIfAborted();
      const ended = async (answer: string): Promise<void> => {
        const fields = { ...who, stop_hook_active: false, last_assistant_message: answer };
        heard(await hooks.run('SubagentStop', { fields, names: [agent] }));
      };
      try {
        const answer = await go(begun.context);
        await ended(answer);
        return answer;
      } catch (error) {
        await ended('');
        throw error;
      }
    },
  };
}
