import { Type, type Static } from 'typebox';

/**
 * The state of one of a session's MCP servers. `waiting`: a person is being asked whether the project's servers may start.
 * `refused`: they may not. `failed`: it could not be reached, or has gone; a call of one of its tools tries again.
 */
export const McpServerState = Type.Object({
  name: Type.String({ maxLength: 200 }),
  /** Whether the user's configuration names it, or the project's. */
  source: Type.Union([Type.Literal('user'), Type.Literal('project')]),
  transport: Type.Union([Type.Literal('stdio'), Type.Literal('http'), Type.Literal('sse')]),
  status: Type.Union([
    Type.Literal('waiting'),
    Type.Literal('starting'),
    Type.Literal('connected'),
    Type.Literal('failed'),
    Type.Literal('refused'),
  ]),
  toolCount: Type.Integer({ minimum: 0 }),
  /** Why it failed or was refused, or which part of it is left out; a sentence without secrets. */
  reason: Type.Union([Type.String({ maxLength: 2_000 }), Type.Null()]),
});
export type McpServerState = Static<typeof McpServerState>;
