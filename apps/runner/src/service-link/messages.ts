import { WantedTriggers } from '@pizzapi/protocol';
import { Type, type Static } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import type { TSchema } from 'typebox';

/** Every message between the daemon and a service's process, over Node's IPC channel. */

const ApiKey = Type.Union([Type.String({ minLength: 1 }), Type.Null()]);
const Milliseconds = Type.Integer({ minimum: 1 });

/** What a service's process is to run. Sent once, as the answer to `ready`. */
export const ServiceStart = Type.Object({
  type: Type.Literal('start'),
  serviceId: Type.String(),
  /** How its folder is called in messages. */
  folder: Type.String(),
  /** The module with its class; null: there is none, and the panel is all of it. */
  entry: Type.Union([Type.String(), Type.Null()]),
  /** Served by the process itself when no panel was announced in time; null: there is no panel. */
  panelDir: Type.Union([Type.String(), Type.Null()]),
  /** Where compiled modules are kept. */
  cacheDir: Type.String(),
  relayUrl: Type.Union([Type.String(), Type.Null()]),
  /** Null: the relay has not given one yet. */
  apiKey: ApiKey,
  subscriptions: WantedTriggers.properties.subscriptions,
  deadlines: Type.Object({ initMs: Milliseconds, disposeMs: Milliseconds, panelMs: Milliseconds }),
});
export type ServiceStart = Static<typeof ServiceStart>;

const DaemonMessage = Type.Union([
  ServiceStart,
  /** The key changed. */
  Type.Object({ type: Type.Literal('key'), apiKey: ApiKey }),
  /** Who wants what of it changed. */
  Type.Object({ type: Type.Literal('subscriptions'), subscriptions: WantedTriggers.properties.subscriptions }),
  /** Is the event loop free? Answered by `pong`. */
  Type.Object({ type: Type.Literal('ping') }),
  Type.Object({ type: Type.Literal('stop') }),
]);
export type DaemonMessage = Static<typeof DaemonMessage>;

const ServiceMessage = Type.Union([
  /** It listens for `start`. */
  Type.Object({ type: Type.Literal('ready') }),
  /** `init` is done. */
  Type.Object({ type: Type.Literal('running') }),
  Type.Object({ type: Type.Literal('panel'), port: Type.Integer({ minimum: 1, maximum: 65_535 }) }),
  Type.Object({ type: Type.Literal('pong') }),
  /** It cannot go on and ends. `isFinal`: another start would fail alike, until its files change. */
  Type.Object({ type: Type.Literal('failed'), error: Type.String(), isFinal: Type.Boolean() }),
  /** Nobody caught this. The process ends of it, unless the service deals with such errors itself. */
  Type.Object({ type: Type.Literal('uncaught'), error: Type.String() }),
  /** The relay does not take its key any more. */
  Type.Object({ type: Type.Literal('key-refused'), apiKey: Type.String() }),
  /** It goes on, but something of it does not work; shown beside its state. */
  Type.Object({ type: Type.Literal('trouble'), text: Type.String() }),
  /** The runner has something to say in the service's log. */
  Type.Object({ type: Type.Literal('note'), text: Type.String() }),
]);
export type ServiceMessage = Static<typeof ServiceMessage>;

/** Undefined for what is not in the catalog. */
export const parseDaemonMessage = parserOf(Compile(DaemonMessage));
/** Undefined for what is not in the catalog: the code in there is a user's. */
export const parseServiceMessage = parserOf(Compile(ServiceMessage));

function parserOf<S extends TSchema>(
  validator: Validator<Record<never, never>, S>,
): (value: unknown) => Static<S> | undefined {
  return (value) => (validator.Check(value) ? value : undefined);
}
