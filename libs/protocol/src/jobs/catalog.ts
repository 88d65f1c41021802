import { Type, type Static, type TSchema } from 'typebox';
import { InboxItem } from '../sockets/agent.js';
import { Uuid } from '../values/ids.js';

/**
 * A kind of job: the queue that runs it, the schema of its data, and how it is retried. After `attempts` its processor gives it
 * up, if it can; otherwise it is tried on. The pause before an attempt begins with `delay` (in ms) and doubles up to a ceiling; a
 * random part of it, up to the share `jitter` (0 to 1), is left out, so that jobs which failed together do not come back
 * together.
 */
export interface JobDefinition<S extends TSchema = TSchema> {
  queue: string;
  schema: S;
  attempts: number;
  backoff: { delay: number; jitter: number };
}

function job<S extends TSchema>(definition: JobDefinition<S>): JobDefinition<S> {
  return definition;
}

/**
 * Jobs on BullMQ queues, each kind with exactly one processor. A queue ignores a job whose id it has seen, so whoever adds one
 * chooses an id.
 */
export const JobCatalog = {
  /** Job id: begins with the session id. Puts the order to start a pending session into its runner's inbox. May be repeated. */
  'spawn-session': job({
    queue: 'spawns',
    schema: Type.Object({ sessionId: Uuid }),
    attempts: 10,
    backoff: { delay: 500, jitter: 0.5 },
  }),
  /** Job id: `sessionId.cursor` of the delivery that needs it. Orders the worker of a paused session back. */
  'wake-session': job({
    queue: 'spawns',
    schema: Type.Object({ sessionId: Uuid }),
    attempts: 10,
    backoff: { delay: 500, jitter: 0.5 },
  }),
  /** Job id: `triggerId.` and a random part. Takes over a fan-out that has failed on its runner's bus, so that it holds up nobody. */
  'fan-out-trigger': job({
    queue: 'deliveries',
    schema: Type.Object({ runnerId: Uuid, triggerId: Type.String() }),
    attempts: 12,
    backoff: { delay: 500, jitter: 0.5 },
  }),
  /** Job id: `deliveryId.` and a random part. The same for an item of a bus that is not a trigger. */
  'deliver-item': job({
    queue: 'deliveries',
    schema: Type.Object({ sessionId: Uuid, item: Type.Omit(InboxItem, ['cursor']) }),
    attempts: 12,
    backoff: { delay: 500, jitter: 0.5 },
  }),
  /** Job id: random. For an entry of a bus that its reader did not understand: a newer version may have written it, and may take this job. */
  'read-entry': job({
    queue: 'deliveries',
    schema: Type.Object({ runnerId: Uuid, entryId: Type.String(), fields: Type.Array(Type.String()) }),
    attempts: 12,
    backoff: { delay: 500, jitter: 0.5 },
  }),
  /**
   * Job id: begins with `listenerId.triggerId`. Starts the listener's session for the trigger. The session's id is derived from
   * both, so it is started only once. `isSecondLook`: the runner was away when the job ran before.
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
    backoff: { delay: 500, jitter: 0.5 },
  }),
} as const;

export type JobName = keyof typeof JobCatalog;
export type JobData<N extends JobName> = Static<(typeof JobCatalog)[N]['schema']>;
