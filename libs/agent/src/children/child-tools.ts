import { defineTool, type ToolDefinition } from '@earendil-works/pi-coding-agent';
import type { AgentChildAnswer } from '@pizzapi/protocol';
import { sandboxFrame } from '../sandbox/sandbox-frame.js';
import type { SandboxSetup } from '../sandbox/sandbox-setup.js';
import { callKey } from './call-key.js';
import type { ChildRequests } from './child-requests.js';
import { describeChild, describeChildren, describeRunners } from './child-text.js';
import { modelIn, NoParameters, SpawnParameters, StopParameters, TellParameters } from './child-tool-parameters.js';

/**
 * The agent's own tools for child sessions. What the port throws becomes a tool error, with its sentence.
 * @param sandbox how the session's own tools are confined; null: they are not
 */
export function childTools(children: ChildRequests, sandbox: SandboxSetup | null): ToolDefinition[] {
  return [spawn(children, sandbox), list(children), runners(children), tell(children), stop(children)];
}

function spawn(children: ChildRequests, sandbox: SandboxSetup | null): ToolDefinition {
  return defineTool({
    name: 'spawn_session',
    label: 'Start a child session',
    description:
      'Start another session, on this runner or another one, and give it a task. It runs on its own, with its own context and tools, while this session goes on. Its questions, problems and answers arrive here as messages, also after this turn has ended: there is no need to wait or poll. People see it, and may talk to it. For a short task whose result you need in this turn, use a subagent instead, if there is one.',
    promptSnippet: 'Start a child session for a task of its own, on this or another machine',
    parameters: SpawnParameters,
    execute: async (toolCallId, { model, ...call }, signal, _onUpdate, context) => {
      const frame = sandbox && sandboxFrame(sandbox);
      const request = {
        request: 'spawn' as const,
        callKey: callKey(toolCallId, context),
        ...call,
        ...(model !== undefined && { model: modelIn(model) }),
        ...(sandbox?.sandbox && { isFolderReal: true }),
        ...(frame && { frame }),
      };
      return one('Started', await children.request(request, signal));
    },
  });
}

function list(children: ChildRequests): ToolDefinition {
  return defineTool({
    name: 'list_children',
    label: 'List child sessions',
    description: 'List the sessions that this one started: id, name, state, folder, runner, model, cost.',
    parameters: NoParameters,
    execute: async (_id, _call, signal) =>
      said(describeChildren((await children.request({ request: 'list' }, signal)).children ?? [])),
  });
}

function runners(children: ChildRequests): ToolDefinition {
  return defineTool({
    name: 'list_runners',
    label: 'List runners',
    description:
      'List the machines on which spawn_session can start a session: id, name, whether it is online, folders.',
    parameters: NoParameters,
    execute: async (_id, _call, signal) =>
      said(describeRunners((await children.request({ request: 'runners' }, signal)).runners ?? [])),
  });
}

function tell(children: ChildRequests): ToolDefinition {
  return defineTool({
    name: 'tell_child',
    label: 'Tell a child session',
    description:
      'Send a message to a child session: more to do, a correction, an answer to what it wrote. A question that it waits with is answered by respond_to_trigger.',
    parameters: TellParameters,
    execute: async (toolCallId, call, signal, _onUpdate, context) =>
      one('Told', await children.request({ request: 'tell', callKey: callKey(toolCallId, context), ...call }, signal)),
  });
}

function stop(children: ChildRequests): ToolDefinition {
  return defineTool({
    name: 'stop_child',
    label: 'Stop a child session',
    description:
      'End a child session that is not needed any more. Its transcript stays. How many may be open is limited.',
    parameters: StopParameters,
    execute: async (_id, { sessionId }, signal) =>
      one('Stopping', await children.request({ request: 'stop', sessionId }, signal)),
  });
}

/** The child goes along for the console, which shows it. */
function one(verb: string, { children: [child] = [] }: AgentChildAnswer) {
  const text = child ? `${verb} ${describeChild(child)}` : `${verb} it.`;
  const details = child ? { child: { sessionId: child.sessionId, name: child.name } } : undefined;
  return { content: [{ type: 'text' as const, text }], details };
}

function said(text: string): { content: { type: 'text'; text: string }[]; details: undefined } {
  return { content: [{ type: 'text', text }], details: undefined };
}
