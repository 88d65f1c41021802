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
    cwd: Type.String(),
  }),
  /** The agent wants subagents of its own. */
  Type.Object({
    type: Type.Literal('subagent'),
    id: Type.Integer(),
    toolCallId: Type.String(),
    args: Type.Unknown(),
  }),
  /** It does not want them any more. */
  Type.Object({ type: Type.Literal('abort'), toolCallId: Type.String() }),
]);
export type ChildMessage = Static<typeof ChildMessage>;

/** The first message to it. */
export interface BeginMessage {
  type: 'begin';
  instructions: string;
  subagentTool: { description: string; parameters: object } | null;
}

/** To the question with that id. */
export interface AnswerMessage {
  type: 'answer';
  id: number;
  blockedBy?: string;
  note?: string;
  text?: string;
  isError?: boolean;
}
