import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import {
  type AvailableTrigger,
  ProblemCode,
  type ServiceState,
  type TriggerDef,
  type TriggerPayload,
} from '@pizzapi/protocol';
import { LRUCache } from 'lru-cache';
import { ProblemError } from '../../../platform/http/problem.error.js';
import { Presence } from '../../../platform/sockets/presence.js';
import { type JudgesTriggerDefs, type RunnerEntity, TriggerDefJudge } from '../../runners/index.js';
import { compileSchema, InvalidSchemaError, type PayloadCheck } from './compile-schema.js';
import { nearTypes } from './near-types.js';

/** The relay's own triggers: every type with one of these prefixes exists. */
const OWN = ['time:', 'webhook:', 'session:'];
/** States in which nobody fires a service's triggers. A service that only declares types is in none of them: others fire its triggers. */
const AWAY: ReadonlySet<ServiceState> = new Set(['stopped', 'disabled', 'broken']);
const MAX_CHECKS = 1_000;
const NO_SCHEMA: PayloadCheck = () => [];
/** How long the relay may be busy with one runner's schemas before the event loop gets a turn. */
const JUDGING_MS = 10;
const MAX_REASON = 1_000;

type Declaring = Pick<RunnerEntity, 'announcement' | 'givenName' | 'name'>;

/** Which trigger types a runner's services declare, even while they are away, and what the payloads must look like. */
@Injectable()
export class TriggerTypes implements JudgesTriggerDefs {
  /** By the text of the schema: accounts may use the same one, and each reading of a runner's row creates new objects. */
  private readonly checks = new LRUCache<string, PayloadCheck | InvalidSchemaError>({ max: MAX_CHECKS });

  constructor(
    private readonly presence: Presence,
    judge: TriggerDefJudge,
  ) {
    judge.register(this);
  }

  /** Refuses an unknown type or an invalid payload. @throws ProblemError `unknown_trigger_type`, `trigger_type_disabled`, `payload_invalid` */
  require(runner: Declaring, type: string, payload: TriggerPayload): void {
    const errors = this.declared(runner, type)(payload);
    if (errors.length === 0) return;
    const detail = `The payload breaks the schema of "${type}": ${errors.map(({ path, message }) => `${path} ${message}`).join('; ')}.`;
    throw new ProblemError(422, ProblemCode.payloadInvalid, detail, { errors });
  }

  /**
   * Refuses an unknown type.
   * @returns the check of its payloads
   * @throws ProblemError `unknown_trigger_type`, `trigger_type_disabled`
   */
  declared(runner: Declaring, type: string): PayloadCheck {
    const def = runner.announcement?.triggerDefs.find((each) => each.type === type);
    if (def) return this.checkOf(def);
    if (OWN.some((prefix) => type.startsWith(prefix) && type.length > prefix.length)) return NO_SCHEMA;
    throw unknownType(runner, type);
  }

  /** The types that the runner's sessions may subscribe to, each with whether its service is there now. */
  async available(runner: RunnerEntity): Promise<AvailableTrigger[]> {
    const isOnline = (await this.presence.holderOf('runners', runner.runnerId)) !== null;
    const services = runner.announcement?.services ?? [];
    const present = new Set(services.filter(({ state }) => isOnline && !AWAY.has(state)).map(({ id }) => id));
    return (runner.announcement?.triggerDefs ?? []).map(
      ({ type, label, description, serviceId, schema, disabledReason }) => ({
        type,
        label,
        description: description ?? null,
        serviceId,
        schema: schema ?? null,
        available: disabledReason === undefined && present.has(serviceId),
        disabledReason: disabledReason ?? null,
      }),
    );
  }

  async judged(defs: readonly TriggerDef[]): Promise<TriggerDef[]> {
    const judged: TriggerDef[] = [];
    let since = performance.now();
    for (const def of defs) {
      const check = def.disabledReason === undefined ? this.compiledCheck(def) : null;
      judged.push(check instanceof InvalidSchemaError ? { ...def, disabledReason: reasonOf(check) } : def);
      if (performance.now() - since < JUDGING_MS) continue;
      await setImmediate();
      since = performance.now();
    }
    return judged;
  }

  private checkOf(def: TriggerDef): PayloadCheck {
    if (def.disabledReason !== undefined) throw disabledType(def, def.disabledReason);
    const check = this.compiledCheck(def);
    if (!(check instanceof InvalidSchemaError)) return check;
    throw disabledType(def, reasonOf(check));
  }

  private compiledCheck({ schema }: TriggerDef): PayloadCheck | InvalidSchemaError {
    if (schema === undefined) return NO_SCHEMA;
    const text = JSON.stringify(schema);
    let check = this.checks.get(text);
    if (check === undefined) this.checks.set(text, (check = compiled(text)));
    return check;
  }
}

function reasonOf({ message }: InvalidSchemaError): string {
  return `its schema is no JSON Schema of draft 2020-12: ${message}`.slice(0, MAX_REASON);
}

function disabledType({ serviceId, type }: TriggerDef, reason: string): ProblemError {
  return new ProblemError(
    422,
    ProblemCode.triggerTypeDisabled,
    `The service "${serviceId}" declares the trigger type "${type}", but it is disabled: ${reason}. Mend it in the service's manifest.json or triggers.json.`,
  );
}

function compiled(text: string): PayloadCheck | InvalidSchemaError {
  try {
    return compileSchema(text);
  } catch (error) {
    if (error instanceof InvalidSchemaError) return error; // cached like a check, and thrown to whoever asks
    throw error;
  }
}

function unknownType({ announcement, givenName, name }: Declaring, type: string): ProblemError {
  const near = nearTypes(type, announcement?.triggerDefs.map((def) => def.type) ?? []);
  const hint = near.length === 0 ? '' : ` Did you mean ${near.map((each) => `"${each}"`).join(' or ')}?`;
  return new ProblemError(
    422,
    ProblemCode.unknownTriggerType,
    `No service of the runner "${givenName ?? name}" declares the trigger type "${type}".${hint} A service declares its types in "triggers" of its manifest.json, or in triggers.json.`,
  );
}
