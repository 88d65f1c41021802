import type { ExtensionContext, ToolDefinition } from '@earendil-works/pi-coding-agent';
import { Compile } from 'typebox/compile';
import { Value } from 'typebox/value';
import { ASK_USER, askUserTool, type AskingSubagent } from '../../approvals/ask-user.js';
import type { RemoteTool } from '../child/child-messages.js';
import { SUBAGENT_MARK } from '../child/marked-processes.js';
import type { Pause, Place, SubagentCallContext, SubagentHost } from '../subagent-host.js';
import { SUBAGENT } from '../subagent-name.js';
import { SubagentParameters } from '../subagent-parameters.js';
import { DESCRIPTION } from '../subagent-text.js';
import type { RunTool } from './answer-child.js';

const parameters = Compile(SubagentParameters);

/** Tools of a subagent that do not run in its process: how its model reads them, and what they do. */
export interface RemoteTools {
  descriptions: RemoteTool[];
  runs: ReadonlyMap<string, RunTool>;
}

/** The subagent whose tools they are. */
interface RemotePlace {
  cwd: string;
  tools: readonly string[];
  /** Its step. */
  at: number;
  mark: string;
  caller: AskingSubagent;
  /** Its own time, and that of those that started it. */
  pause: Pause;
}

/**
 * The tools that are confined run where those of the session do; others are started here, so that an end reaches all of them.
 */
export function remoteTools(
  host: SubagentHost,
  call: SubagentCallContext,
  { cwd, tools, at, mark, caller, pause }: RemotePlace,
  place: Place,
): RemoteTools {
  const confined = host.confinedTools(cwd, { toolCallId: call.toolCallId, mark: { [SUBAGENT_MARK]: mark } });
  const here = [...confined, ...(tools.includes(ASK_USER) ? [askUserTool(host.desk, caller)] : [])];
  const startsOthers = host.mayStartOthers(place.depth) && tools.includes(SUBAGENT);
  return {
    descriptions: [...here.map(described), ...(startsOthers ? [OTHERS] : [])],
    runs: new Map([
      ...here.map((tool): [string, RunTool] => [tool.name, runHere(tool, call.session)]),
      ...(startsOthers ? [[SUBAGENT, startOthers(call, { ...place, startedBy: at, pause })] as const] : []),
    ]),
  };
}

const OTHERS: RemoteTool = {
  name: SUBAGENT,
  label: 'Subagents',
  description: DESCRIPTION,
  parameters: SubagentParameters,
};

function described(tool: ToolDefinition): RemoteTool {
  const { name, label, description, promptSnippet, promptGuidelines, parameters: schema } = tool;
  return {
    name,
    label,
    description,
    parameters: schema,
    ...(promptSnippet !== undefined && { promptSnippet }),
    ...(promptGuidelines !== undefined && { promptGuidelines }),
  };
}

function runHere(tool: ToolDefinition, session: ExtensionContext): RunTool {
  return (toolCallId, args, signal) => {
    Value.Assert(tool.parameters, args);
    // Of its progress nothing is shown.
    return tool.execute(toolCallId, args, signal, undefined, session);
  };
}

function startOthers(call: SubagentCallContext, { depth, startedBy, pause }: Place): RunTool {
  return async (_toolCallId, args, signal) => {
    if (!parameters.Check(args)) throw new Error('Give "agent" and "task", or "tasks", or "chain".');
    const { text, isFailed } = await call.run(args, { depth: depth + 1, startedBy, signal, pause });
    if (isFailed) throw new Error(text);
    return { content: [{ type: 'text', text }], details: undefined };
  };
}
