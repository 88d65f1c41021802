import { AgentPolicy, ForkPoint, IsoTime, ModelRef, SandboxFrame, Uuid } from '@pizzapi/protocol';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';

/**
 * What the daemon writes to a new worker's stdin. Not the environment and not the arguments: both would be seen by
 * the agent's commands and by other users.
 */
export const WorkerBoot = Type.Object({
  sessionId: Uuid,
  epoch: Type.Integer({ minimum: 1 }),
  cwd: Type.String(),
  home: Type.String(),
  relayUrl: Type.String(),
  /** Proves to the daemon, and to the next one, that this is the session's worker. */
  secret: Type.String(),
  model: Type.Optional(ModelRef),
  name: Type.Optional(Type.String()),
  /** What the session goes on from, as long as it has no file. */
  forkOf: Type.Optional(ForkPoint),
  isResume: Type.Boolean(),
  /** The organisation's. Absent: it has none. */
  policy: Type.Optional(AgentPolicy),
  policyAt: Type.Optional(IsoTime),
  /** Of a session that another one has started: how tightly it is confined at least. */
  frame: Type.Optional(SandboxFrame),
  /** The runner's own id, by which an agent may name it. */
  runnerId: Type.Optional(Uuid),
  /** Folders outside of {@link home} that hold secrets of ours. */
  hidden: Type.Optional(Type.Array(Type.String())),
  /** How long the session is at rest before its worker is unloaded, in ms. Absent: never. */
  pauseAfterMs: Type.Optional(Type.Integer({ minimum: 1 })),
  /** How much of a tool's output is sent to the relay. */
  maxToolOutputBytes: Type.Integer({ minimum: 1 }),
});
export type WorkerBoot = Static<typeof WorkerBoot>;
const validator = Compile(WorkerBoot);

/** @throws when the text is not a boot message: the worker was started by hand. */
export function parseWorkerBoot(text: string): WorkerBoot {
  const value = jsonIn(text);
  if (!validator.Check(value)) throw new Error('A worker is started by the daemon, which writes its orders to stdin.');
  return value;
}

/** Undefined for what is no JSON, as from a daemon that was killed while it wrote: the error would quote the secret. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
