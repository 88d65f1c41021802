import type { ServerAnswer, ServerQuestion } from '@pizzapi/mcp';
import type { HookEvent, HooksAnswer } from '@pizzapi/plugins';
import type { ServerQuestionListener } from '../../mcp/ask-for-server.js';
import { notify } from './notify.js';
import type { SessionHooks } from './session-hooks.js';

/** Lets hooks speak before an MCP server asks people, and after they have answered. They can only say no: a yes is a person's. */
export function serverQuestionHooks(hooks: SessionHooks): ServerQuestionListener {
  const ask = async (
    event: HookEvent,
    { server, link }: ServerQuestion,
    own: Record<string, unknown>,
    signal: AbortSignal,
  ): Promise<ServerAnswer | null> => {
    const fields = { mcp_server_name: server, mode: link ? 'url' : 'form', ...own };
    return noIn(hooks, await hooks.run(event, { fields, names: [server], signal }));
  };
  return {
    before: async (question, signal) => {
      const { server, message, link } = question;
      const no = await ask('Elicitation', question, { message, ...(link && { url: link.url }) }, signal);
      if (no !== null) return no;
      const kind = link ? 'elicitation_url_dialog' : 'elicitation_dialog';
      notify(hooks, kind, `The MCP server ${server} asks: ${message.slice(0, 1_000)}`);
      return null;
    },
    after: async (question, answer, signal) => {
      const content = answer.action === 'accept' && !question.link ? { content: answer.content } : {};
      const no = await ask('ElicitationResult', question, { action: answer.action, ...content }, signal);
      notify(hooks, 'elicitation_response', `The MCP server ${question.server} has its answer.`);
      return no ?? answer;
    },
  };
}

function noIn(hooks: SessionHooks, { block, action }: HooksAnswer): ServerAnswer | null {
  if (block) hooks.note('blocked', block);
  if (block) return { action: 'decline' };
  return action === null ? null : { action };
}
