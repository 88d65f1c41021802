import { Type, type Static } from 'typebox';
import { IsoTime } from './ids.js';
import { Port } from './tunnel.js';

const Id = Type.String({ minLength: 1, maxLength: 120 });
const Schema = Type.Record(Type.String(), Type.Unknown());

/** A trigger type that a service declares. `schema` is a JSON Schema (draft 2020-12) of its payload. */
export const TriggerDef = Type.Object({
  serviceId: Id,
  type: Type.String({ minLength: 1, maxLength: 200 }),
  label: Type.String({ minLength: 1, maxLength: 200 }),
  description: Type.Optional(Type.String({ maxLength: 4_000 })),
  schema: Type.Optional(Schema),
  /** Why nobody can subscribe to it or fire it: what is wrong with its schema, as half a sentence. */
  disabledReason: Type.Optional(Type.String({ maxLength: 1_000 })),
});
export type TriggerDef = Static<typeof TriggerDef>;

/** A sigil type that a service adds to the console. `resolve` is a path of the service that contains `{id}`. */
export const SigilDef = Type.Object({
  serviceId: Id,
  type: Type.String({ minLength: 1, maxLength: 200 }),
  label: Type.String({ minLength: 1, maxLength: 200 }),
  description: Type.Optional(Type.String({ maxLength: 4_000 })),
  resolve: Type.Optional(Type.String({ maxLength: 2_000 })),
  schema: Type.Optional(Schema),
  aliases: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { maxItems: 50 })),
});
export type SigilDef = Static<typeof SigilDef>;

/** A service's panel, while it listens on a port of the runner. */
export const PanelDef = Type.Object({
  serviceId: Id,
  label: Type.String({ minLength: 1, maxLength: 200 }),
  icon: Type.String({ maxLength: 100 }),
  port: Port,
});
export type PanelDef = Static<typeof PanelDef>;

/**
 * `declared`: its folder was read, but its process has not been started yet. `restarting`: it has ended or hung by itself (see
 * `error`), and is started again after a pause. `disabled`: by a person. `stopped`: its runner is away. `broken`: it cannot be
 * started as it is (see `error`).
 */
export const ServiceState = Type.Union([
  Type.Literal('declared'),
  Type.Literal('starting'),
  Type.Literal('running'),
  Type.Literal('restarting'),
  Type.Literal('stopped'),
  Type.Literal('disabled'),
  Type.Literal('broken'),
]);
export type ServiceState = Static<typeof ServiceState>;

export const ServiceInfo = Type.Object({
  id: Id,
  label: Type.String({ minLength: 1, maxLength: 200 }),
  icon: Type.String({ maxLength: 100 }),
  state: ServiceState,
  /** What is wrong, and where: file, field, reason. Null: nothing. */
  error: Type.Union([Type.String(), Type.Null()]),
  /** The plugin that it belongs to; absent: it is in a folder of the user's own. */
  plugin: Type.Optional(Type.String({ maxLength: 200 })),
  /** Whether its manifest has a panel. */
  hasPanel: Type.Optional(Type.Boolean()),
  /** Since when it is in this state. */
  since: Type.Optional(IsoTime),
  /** Restarts since the runner started or a person restarted it. */
  restarts: Type.Optional(Type.Integer({ minimum: 0 })),
});
export type ServiceInfo = Static<typeof ServiceInfo>;

/** Everything that a runner's services offer. Sent in full when the runner connects and on every change, so the last one counts. */
export const ServiceAnnouncement = Type.Object({
  services: Type.Array(ServiceInfo, { maxItems: 500 }),
  panels: Type.Array(PanelDef, { maxItems: 500 }),
  triggerDefs: Type.Array(TriggerDef, { maxItems: 2_000 }),
  sigilDefs: Type.Array(SigilDef, { maxItems: 2_000 }),
});
export type ServiceAnnouncement = Static<typeof ServiceAnnouncement>;

/** What a person may do to a service. */
export const ServiceCommand = Type.Union([Type.Literal('enable'), Type.Literal('disable'), Type.Literal('restart')]);
export type ServiceCommand = Static<typeof ServiceCommand>;

/** A line that a service has written, or that the runner has written about it. */
export const ServiceLogLine = Type.Object({
  ts: IsoTime,
  stream: Type.Union([Type.Literal('stdout'), Type.Literal('stderr'), Type.Literal('runner')]),
  text: Type.String(),
});
export type ServiceLogLine = Static<typeof ServiceLogLine>;
