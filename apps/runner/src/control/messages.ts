import { PolicyNotice, UnknownPolicy, Uuid } from '@pizzapi/protocol';
import { Type, type Static } from 'typebox';

/** What a worker says to the daemon over the Unix socket, one JSON line each. */
export const WorkerMessage = Type.Union([
  /** First of all: who it is, proved by the secret of its start. */
  Type.Object({
    type: Type.Literal('hello'),
    sessionId: Uuid,
    epoch: Type.Integer(),
    secret: Type.String({ maxLength: 200 }),
  }),
  /** Asks for a token for one connection to the relay. */
  Type.Object({ type: Type.Literal('token-request'), requestId: Type.Integer() }),
  /** The session's file is open and the agent ready. */
  Type.Object({ type: Type.Literal('opened'), cwd: Type.String() }),
]);
export type WorkerMessage = Static<typeof WorkerMessage>;

/** What the daemon says to a worker. */
export const DaemonMessage = Type.Union([
  Type.Object({ type: Type.Literal('welcome') }),
  Type.Object({ type: Type.Literal('token'), requestId: Type.Integer(), token: Type.String() }),
  Type.Object({
    type: Type.Literal('token-refused'),
    requestId: Type.Integer(),
    code: Type.String(),
    detail: Type.String(),
  }),
  /** What the organisation says of its agents, from now on. */
  Type.Object({ type: Type.Literal('policy'), notice: PolicyNotice }),
  /** What it says now is not understood: what was told last goes on. */
  Type.Object({ type: Type.Literal('policy-unknown'), news: UnknownPolicy }),
  /** End the session: flush, close, exit. */
  Type.Object({ type: Type.Literal('stop') }),
]);
export type DaemonMessage = Static<typeof DaemonMessage>;
