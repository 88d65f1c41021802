import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { TriggerPayload } from '@pizzapi/protocol';
import type { FieldError } from '../../../platform/http/problem.error.js';
import { payloadErrors } from './payload-errors.js';
import { runWithin } from './run-within.js';

/** What breaks the schema; empty when nothing does. */
export type PayloadCheck = (payload: TriggerPayload) => FieldError[];

/** Why a declared schema cannot be used, as half a sentence. */
export class InvalidSchemaError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'InvalidSchemaError';
  }
}

const MAX_SCHEMA_LENGTH = 64 * 1024;
const CHECK_MS = 250;
/** What may take time out of all proportion to the payload: expressions that backtrack, pairs compared, rules that call themselves. */
const COSTLY = /"(pattern|patternProperties|uniqueItems|\$ref|\$dynamicRef)"/;
/** No formats are asserted, and keywords that nobody knows are notes: so says the draft. */
const OPTIONS = { strict: false, validateFormats: false, logger: false } as const;
let metaSchema: Ajv2020 | null = null;

/**
 * Makes a check of a JSON Schema (draft 2020-12) of which all is in the text: a reference to elsewhere is an error, nothing is fetched.
 * @throws InvalidSchemaError
 */
export function compileSchema(text: string): PayloadCheck {
  if (text.length > MAX_SCHEMA_LENGTH)
    throw new InvalidSchemaError(`it is longer than ${MAX_SCHEMA_LENGTH} characters`);
  const validate = compile(text);
  const check: PayloadCheck = (payload) => (validate(payload) ? [] : payloadErrors(validate.errors ?? [], payload));
  return COSTLY.test(text) ? withinTime(check) : check;
}

function compile(text: string): ValidateFunction {
  try {
    const schema: unknown = JSON.parse(text);
    if (typeof schema !== 'object' || schema === null) throw new Error('it is not an object');
    metaSchema ??= new Ajv2020(OPTIONS);
    if (metaSchema.validateSchema(schema) !== true)
      throw new Error(metaSchema.errorsText(metaSchema.errors, { dataVar: 'schema' }));
    // One for each schema: an instance remembers the names that schemas give themselves, and they are different accounts'.
    return new Ajv2020({ ...OPTIONS, validateSchema: false, meta: false }).compile(schema);
  } catch (error) {
    throw new InvalidSchemaError(error instanceof Error ? error.message : String(error));
  }
}

/** Schemas are written by whoever has a runner here, and the relay must go on for the others. */
function withinTime(check: PayloadCheck): PayloadCheck {
  return (payload) =>
    runWithin(CHECK_MS, () => check(payload)) ?? [
      { path: 'payload', message: `could not be checked within ${CHECK_MS} ms; simplify the declared schema` },
    ];
}
