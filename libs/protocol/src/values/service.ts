import { Type, type Static } from 'typebox';

const Id = Type.String({ minLength: 1, maxLength: 120 });
const Schema = Type.Record(Type.String(), Type.Unknown());

/** A trigger type that a service declares. `schema` is a JSON Schema (draft 2020-12) of its payload. */
export const TriggerDef = Type.Object({
  serviceId: Id,
  type: Type.String({ minLength: 1, maxLength: 200 }),
  label: Type.String({ minLength: 1, maxLength: 200 }),
  description: Type.Optional(Type.String({ maxLength: 4_000 })),
  schema: Type.Optional(Schema),
});
export type TriggerDef = Static<typeof TriggerDef>;

/** A sigil type that a service teaches the console. `resolve` is a path of the service, with `{id}`. */
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
  port: Type.Integer({ minimum: 1, maximum: 65_535 }),
});
export type PanelDef = Static<typeof PanelDef>;

/** `declared`: its folder is read, its module is not running. `broken`: see `error`. */
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
  /** What is wrong and where: file, field, reason. */
  error: Type.Union([Type.String(), Type.Null()]),
});
export type ServiceInfo = Static<typeof ServiceInfo>;

/** Everything that a runner's services offer; sent whole on connect and on every change, so the last one counts. */
export const ServiceAnnouncement = Type.Object({
  services: Type.Array(ServiceInfo, { maxItems: 500 }),
  panels: Type.Array(PanelDef, { maxItems: 500 }),
  triggerDefs: Type.Array(TriggerDef, { maxItems: 2_000 }),
  sigilDefs: Type.Array(SigilDef, { maxItems: 2_000 }),
});
export type ServiceAnnouncement = Static<typeof ServiceAnnouncement>;
