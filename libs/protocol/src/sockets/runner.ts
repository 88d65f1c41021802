import { Type, type Static } from 'typebox';
import { AgentPolicy, type PolicyNotice, type UnknownPolicy } from '../values/agent-policy.js';
import { ForkPoint, ModelInfo, ModelRef } from '../values/session.js';
import { IsoTime, Uuid } from '../values/ids.js';
import { FolderListing, MAX_LISTED_FOLDERS, RunnerHello } from '../values/runner.js';
import type { SocketAnswer } from '../values/problem.js';
import { SandboxFrame } from '../values/sandbox.js';
import { type ServiceAnnouncement, ServiceCommand, ServiceLogLine } from '../values/service.js';
import { TriggerParams } from '../values/trigger.js';
import { Port } from '../values/tunnel.js';

/**
 * Namespace `/runner`: one daemon. The key travels in the header `x-api-key`; the handshake's `auth` is
 * {@link RunnerHandshake}.
 */
export const RunnerHandshake = Type.Object({ hello: RunnerHello, protocol: Type.Integer({ minimum: 1 }) });
export type RunnerHandshake = Static<typeof RunnerHandshake>;

/** An order from the runner's inbox. It is sent again until it is acknowledged, so acting on it must be idempotent by its session id. */
export const RunnerOrder = Type.Union([
  Type.Object({
    cursor: Type.String(),
    order: Type.Literal('spawn'),
    sessionId: Uuid,
    /** Absent: the first workspace root. */
    cwd: Type.Optional(Type.String()),
    /** `cwd` is a real path, which was checked as such. If it contains a link by now, the runner refuses it. */
    isFolderReal: Type.Optional(Type.Boolean()),
    /** For a session that another one has started: how tightly it has to be confined at least. */
    frame: Type.Optional(SandboxFrame),
    model: Type.Optional(ModelRef),
    name: Type.Optional(Type.String()),
    /** For a fork without a file of its own: where it continues from. */
    forkOf: Type.Optional(ForkPoint),
    /** Resume from the session's file, which must exist. */
    isResume: Type.Boolean(),
    /** The organisation's policy when the order is sent. Absent: it has none. */
    policy: Type.Optional(AgentPolicy),
    /** The time of that policy. */
    policyAt: Type.Optional(IsoTime),
  }),
  Type.Object({ cursor: Type.String(), order: Type.Literal('stop'), sessionId: Uuid }),
  /** Removes the session's file and all the runner remembers of it. */
  Type.Object({ cursor: Type.String(), order: Type.Literal('delete'), sessionId: Uuid }),
]);
export type RunnerOrder = Static<typeof RunnerOrder>;

/** A session as the daemon knows it, reported on connect and on change. */
export const WorkerReport = Type.Object({
  sessionId: Uuid,
  state: Type.Union([
    Type.Literal('started'),
    Type.Literal('restarting'),
    Type.Literal('failed'),
    Type.Literal('ended'),
    /** The worker was unloaded, because the session had been idle for long. An order starts it again. */
    Type.Literal('paused'),
  ]),
  /** With `started`: the folder in which it really runs. */
  cwd: Type.Optional(Type.String()),
  /** With `failed` and `restarting`. */
  failure: Type.Optional(Type.Object({ code: Type.String(), detail: Type.String() })),
  /** The number of the start that this is about, which rises with every start. It tells the relay which reports are about an earlier run. */
  epoch: Type.Optional(Type.Integer({ minimum: 1 })),
});
export type WorkerReport = Static<typeof WorkerReport>;

/** Who wants what of the runner's services: the params of every subscription and listener. Sent whole on connect and on every change. */
export const WantedTriggers = Type.Object({
  subscriptions: Type.Array(
    Type.Object({
      subscriptionId: Type.Union([Type.String(), Type.Null()]),
      listenerId: Type.Union([Type.String(), Type.Null()]),
      type: Type.String(),
      params: Type.Union([TriggerParams, Type.Null()]),
    }),
  ),
});
export type WantedTriggers = Static<typeof WantedTriggers>;

const ServiceId = Type.String({ minLength: 1, maxLength: 120 });

/** `service:key`: a key with which one service of this runner may fire its triggers. A new key revokes the one before. */
export const ServiceKeyRequest = Type.Object({ serviceId: ServiceId });
export const ServiceKey = Type.Object({ apiKey: Type.String({ minLength: 1 }) });

/**
 * `runner:command-service`: answered once the command was carried out or is under way; announcements tell the rest. Refused with
 * `service_unknown`.
 */
export const CommandService = Type.Object({ serviceId: ServiceId, command: ServiceCommand });

/** A line of a service's log: the file, by the time of its first line, and how many lines of that file come before it. */
export const LogPlace = Type.Object({
  file: Type.String({ maxLength: 40 }),
  line: Type.Integer({ minimum: 0 }),
});
export type LogPlace = Static<typeof LogPlace>;

/** `runner:read-service-log`: at most `limit` lines, the oldest first: those before a place, or the last ones. */
export const ReadServiceLog = Type.Object({
  serviceId: ServiceId,
  limit: Type.Integer({ minimum: 1, maximum: 5_000 }),
  before: Type.Optional(LogPlace),
});
export type ReadServiceLog = Static<typeof ReadServiceLog>;
export const ServiceLog = Type.Object({
  lines: Type.Array(ServiceLogLine),
  /** There are earlier ones. */
  isTruncated: Type.Boolean(),
  /** The first line's place, if there are earlier ones. A runner that gives none ignores `before`, too. */
  start: Type.Optional(LogPlace),
});
export type ServiceLog = Static<typeof ServiceLog>;

/**
 * `runner:list-folders`: at most `limit` of a folder's sub-folders, after the one of a name. Without a path those of the first root. Refused
 * outside the workspace roots.
 */
export const ListFolders = Type.Object({
  path: Type.Optional(Type.String({ minLength: 1, maxLength: 4_096 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_LISTED_FOLDERS })),
  after: Type.Optional(Type.String()),
});
export type ListFolders = Static<typeof ListFolders>;

/** `runner:check-port`: may this port be exposed? Refused with `port_refused` for the relay's own port and such. */
export const CheckPort = Type.Object({ port: Port });

export const ModelList = Type.Object({ models: Type.Array(ModelInfo) });

export interface RunnerToRelay {
  /** The runner is done with the order: it was carried out, now or before, or was refused, after a `failed` report. */
  'order:done': (message: { cursor: string }, answer: (a: SocketAnswer) => void) => void;
  'worker:report': (message: WorkerReport, answer: (a: SocketAnswer) => void) => void;
  /** The spec's `service_announce`. */
  'service:announce': (message: ServiceAnnouncement, answer: (a: SocketAnswer) => void) => void;
  'service:key': (
    message: Static<typeof ServiceKeyRequest>,
    answer: (a: SocketAnswer<Static<typeof ServiceKey>>) => void,
  ) => void;
}
export interface RelayToRunner {
  'runner:orders': (message: { orders: RunnerOrder[] }) => void;
  'runner:wanted-triggers': (message: WantedTriggers) => void;
  /** The organisation's policy for its agents. Running sessions follow it at once. */
  'runner:policy': (message: PolicyNotice) => void;
  /** The relay does not understand the present policy. Sessions keep the one that they know, and show that. */
  'runner:policy-unknown': (message: UnknownPolicy) => void;
  'runner:command-service': (message: Static<typeof CommandService>, answer: (a: SocketAnswer) => void) => void;
  'runner:read-service-log': (message: ReadServiceLog, answer: (a: SocketAnswer<ServiceLog>) => void) => void;
  'runner:check-port': (message: Static<typeof CheckPort>, answer: (a: SocketAnswer) => void) => void;
  'runner:list-models': (message: object, answer: (a: SocketAnswer<Static<typeof ModelList>>) => void) => void;
  'runner:list-folders': (message: ListFolders, answer: (a: SocketAnswer<{ listing: FolderListing }>) => void) => void;
}
