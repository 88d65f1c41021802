import { type Static, Type } from 'typebox';

/** What the launcher is told on its input: which command line is to run behind which wall. */
export const LaunchOrder = Type.Object({
  command: Type.String(),
  filesystem: Type.Object({
    denyRead: Type.Array(Type.String()),
    allowRead: Type.Array(Type.String()),
    allowWrite: Type.Array(Type.String()),
    denyWrite: Type.Array(Type.String()),
  }),
  /** What must not be seen although sandbox-runtime itself lets everybody write there. */
  hidden: Type.Array(Type.String()),
  /** What can be reached; null for an open network. */
  allowedDomains: Type.Union([Type.Array(Type.String()), Type.Null()]),
});
export type LaunchOrder = Static<typeof LaunchOrder>;

/** What the launcher says, a line each: the command line that builds the wall and runs the command, then what the proxy refuses. */
export const LaunchNews = Type.Union([
  Type.Object({ type: Type.Literal('wrapped'), command: Type.String() }),
  Type.Object({ type: Type.Literal('refused'), host: Type.String(), port: Type.Integer() }),
  Type.Object({ type: Type.Literal('failed'), reason: Type.String() }),
]);
export type LaunchNews = Static<typeof LaunchNews>;
