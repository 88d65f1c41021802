import { defineTool, type ToolDefinition } from '@earendil-works/pi-coding-agent';
import type { ChildRequests } from './child-requests.js';
import { EscalateParameters, RespondParameters } from './child-tool-parameters.js';

/** The agent's answers to triggers that reached its session. */
export function responseTools(children: ChildRequests): ToolDefinition[] {
  return [respond(children), escalate(children)];
}

function respond(children: ChildRequests): ToolDefinition {
  return defineTool({
    name: 'respond_to_trigger',
    label: 'Respond to a trigger',
    description:
      "Answer a trigger that reached this session. A child session's question gets the answer and goes on; with any other trigger the response is noted in the session's history, where people see it. The first answer to a question counts.",
    promptSnippet: 'Answer a question of a child session, or note how a trigger was dealt with',
    parameters: RespondParameters,
    execute: async (_id, call, signal) => {
      await children.request({ request: 'respond', ...call }, signal);
      return said('Done.');
    },
  });
}

function escalate(children: ChildRequests): ToolDefinition {
  return defineTool({
    name: 'escalate_trigger',
    label: 'Hand a question up',
    description:
      "Hand a child session's question up when you cannot or must not answer it: to this session's own parent, or to people where it has none.",
    parameters: EscalateParameters,
    execute: async (_id, call, signal) => {
      const { escalatedTo } = await children.request({ request: 'escalate', ...call }, signal);
      return said(
        escalatedTo === 'parent'
          ? 'It was handed to the parent of this session.'
          : 'It was handed to people, who see it in the child session.',
      );
    },
  });
}

function said(text: string): { content: { type: 'text'; text: string }[]; details: undefined } {
  return { content: [{ type: 'text', text }], details: undefined };
}
