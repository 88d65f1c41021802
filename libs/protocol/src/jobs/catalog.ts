import { Type, type Static, type TSchema } from 'typebox';
import { InboxItem } from '../sockets/agent.js';
import { Uuid } from '../values/ids.js';

/**
 * Options of a job beside its schema: after how many attempts its processor gives it up (if it knows how to; else it is tried on), how long it
 * waits between, which queue runs it.
 */
export interface JobDefinition<S extends TSchema = TSchema> {
  queue: string;
  schema: S;
  attempts: number;
  backoff: { type: 'exponential'; delay: number; jitter: number };
}

function job<S extends TSchema>(definition: JobDefinition<S>): JobDefinition<S> {
  return definition;
}

/** Orders on BullMQ queues: exactly one processor each, idempotent by the job id. */
export const JobCatalog = {
  /** Job id = session id. Puts the order into the runner's inbox; a repeated order starts nothing twice. */
  'spawn-session': job({
    queue: 'spawns',
    schema: Type.Object({ sessionId: Uuid }),
    attempts: 10,
    backoff: { type: 'exponential', delay: 500, jitter: 0.5 },
  }),
  /** Job id = `sessionId.cursor` of the delivery that it is for. Orders the worker of a paused session back. */
  'wake-session': job({
    queue: 'spawns',
    schema: Type.Object({ sessionId: Uuid }),
    attempts: 10,
    backoff: { type: 'exponential', delay: 500, jitter: 0.5 },
  }),
  /** Job id = trigger id. Takes over the fan-out of a trigger that failed on its runner's bus, so that it holds up nobody. */
  'fan-out-trigger': job({
    queue: 'deliveries',
    schema: Type.Object({ runnerId: Uuid, triggerId: Type.String() }),
    attempts: 12,
    backoff: { type: 'exponential', delay: 500, jitter: 0.5 },
  }),
  /** Job id = delivery id. The same for one item of a bus that is not a trigger. */
  'deliver-item': job({
    queue: 'deliveries',
    schema: Type.Object({ sessionId: Uuid, item: Type.Omit(InboxItem, ['cursor']) }),
    attempts: 12,
    backoff: { type: 'exponential', delay: 500, jitter: 0.5 },
  }),
  /** What a bus held and the replica that read it could not understand: perhaps a newer one wrote it, and takes this job. */
  'read-entry': job({
    queue: 'deliveries',
    schema: Type.Object({ runnerId: Uuid, entryId: Type.String(), fields: Type.Array(Type.String()) }),
    attempts: 12,
    backoff: { type: 'exponential', delay: 500, jitter: 0.5 },
  }),
  /**
   * Job id = `listenerId.triggerId`. Starts the listener's session for the trigger, whose id is derived from both, so that it is started once.
   * With `isSecondLook` the runner was away a moment ago.
   */
  'run-listener': job({
    queue: 'listeners',
    schema: Type.Object({
      runnerId: Uuid,
      triggerId: Type.String(),
      listenerId: Type.String(),
      isSecondLook: Type.Optional(Type.Boolean()),
    }),
    attempts: 12,
    backoff: { type: 'exponential', delay: 500, jitter: 0.5 },
  }),
} as const;

export type JobName = keyof typeof JobCatalog;
export type JobData<N extends JobName> = Static<(typeof JobCatalog)[N]['schema']>;
