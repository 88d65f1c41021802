import { AgentPolicy, ForkPoint, IsoTime, ModelRef, SandboxFrame, Uuid } from '@pizzapi/protocol';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';

/**
 * - `active`: should have a worker, now and after a restart of the runner.
 * - `stopping`: told to end; must not be started again.
 * - `paused`: has no worker, because it was at rest for long; an order starts it again.
 * - `ended`, `failed`: has no worker; kept until the relay has taken the report.
 */
const WorkerPhase = Type.Union([
  Type.Literal('active'),
  Type.Literal('stopping'),
  Type.Literal('paused'),
  Type.Literal('ended'),
  Type.Literal('failed'),
]);

/** A process that a later daemon can tell from another one that got the same pid. */
export const ProcessIdentity = Type.Object({ pid: Type.Integer({ minimum: 2 }), startedAt: Type.String() });
export type ProcessIdentity = Static<typeof ProcessIdentity>;

/** What the daemon keeps of a session in `run/workers/<sessionId>.json`, so that the next daemon knows it. */
export const WorkerState = Type.Object({
  sessionId: Uuid,
  cwd: Type.String(),
  /** The order named a real path: where it leads elsewhere by now, the session must not start. */
  isFolderReal: Type.Optional(Type.Boolean()),
  frame: Type.Optional(SandboxFrame),
  model: Type.Optional(ModelRef),
  name: Type.Optional(Type.String()),
  /** What the session goes on from, as long as it has no file. */
  forkOf: Type.Optional(ForkPoint),
  /** The organisation's, as the relay said last. Absent: it has none. */
  policy: Type.Optional(AgentPolicy),
  policyAt: Type.Optional(IsoTime),
  /** The order asked for the session's existing file. */
  isResume: Type.Boolean(),
  phase: WorkerPhase,
  /** Of the latest start; rises with every start. */
  epoch: Type.Integer({ minimum: 0 }),
  /** SHA-256 of the latest start's secret, in hex; with it the worker proves itself on the Unix socket. */
  secretHash: Type.String(),
  process: Type.Union([ProcessIdentity, Type.Null()]),
  /** The machine's boot in which `process` was started. */
  bootId: Type.String(),
  /** Whether the worker ever said that the session's file is open. */
  hasOpened: Type.Boolean(),
  /** Times (ms since 1970) of restarts after a crash, the last ten minutes only. */
  restarts: Type.Array(Type.Number()),
  failure: Type.Optional(Type.Object({ code: Type.String(), detail: Type.String() })),
});
export type WorkerState = Static<typeof WorkerState>;

const validator = Compile(WorkerState);

export function isWorkerState(value: unknown): value is WorkerState {
  return validator.Check(value);
}
