import type { AgentToolResult } from '@earendil-works/pi-coding-agent';
import { Type, type Static } from 'typebox';

/** What the extension in a subagent's process asks of the worker. The process may be anything, so it is checked. */
export const ChildMessage = Type.Union([
  /** May this call run? It waits for the answer. */
  Type.Object({
    type: Type.Literal('tool-call'),
    id: Type.Integer(),
    toolName: Type.String(),
    toolCallId: Type.String(),
    args: Type.Unknown(),
  }),
  /** A tool that does not run in that process. */
  Type.Object({
    type: Type.Literal('run-tool'),
    id: Type.Integer(),
    toolName: Type.String(),
    toolCallId: Type.String(),
    args: Type.Unknown(),
  }),
  /** How a call ended, for hooks; it waits for what they say. */
  Type.Object({
    type: Type.Literal('tool-result'),
    id: Type.Integer(),
    toolName: Type.String(),
    toolCallId: Type.String(),
    args: Type.Unknown(),
    cwd: Type.String(),
    text: Type.String(),
    isError: Type.Boolean(),
  }),
  /** Its result is not wanted any more. */
  Type.Object({ type: Type.Literal('abort'), toolCallId: Type.String() }),
]);
export type ChildMessage = Static<typeof ChildMessage>;

/** The first message to it. */
export interface BeginMessage {
  type: 'begin';
  instructions: string;
  tools: RemoteTool[];
}

/** A tool that runs here, as a model reads it. */
export interface RemoteTool {
  name: string;
  label: string;
  description: string;
  promptSnippet?: string;
  promptGuidelines?: string[];
  parameters: object;
}

/** To the question with that id. */
export interface AnswerMessage {
  type: 'answer';
  id: number;
  blockedBy?: string;
  note?: string;
  args?: Record<string, unknown>;
  /** What takes the place of a result's text. */
  output?: string;
  result?: AgentToolResult<unknown>;
  error?: string;
}
