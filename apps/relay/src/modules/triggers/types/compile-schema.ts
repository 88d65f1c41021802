import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
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
const DRAFT = 'https://json-schema.org/draft/2020-12/schema';
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
  const isCostly = COSTLY.test(text);
  let validateWhole: ValidateFunction | null = null;
  return (payload) => {
    try {
      const isRight = isCostly ? runWithin(CHECK_MS, () => validate(payload)) : validate(payload);
      if (isRight === null) return unchecked(`within ${CHECK_MS} ms; simplify the declared schema`);
      if (isRight === true) return [];
      // The first place is found at once. The others are looked for because somebody waits for them, and may take long in a large payload.
      const first = validate.errors ?? [];
      const whole = (validateWhole ??= compile(text, true));
      return payloadErrors(runWithin(CHECK_MS, () => errorsOf(whole, payload)) ?? first, payload);
    } catch (error) {
      if (isStackOverflow(error)) return unchecked('because the declared schema refers to itself without an end');
      throw error;
    }
  };
}

function compile(text: string, allErrors = false): ValidateFunction {
  try {
    const schema: unknown = JSON.parse(text);
    if (typeof schema !== 'object' || schema === null) throw new Error('it is not an object');
    requireDraft(schema);
    metaSchema ??= new Ajv2020(OPTIONS);
    if (metaSchema.validateSchema(schema) !== true)
      throw new Error(metaSchema.errorsText(metaSchema.errors, { dataVar: 'schema' }));
    // One for each schema: an instance remembers the names that schemas give themselves, and they are different accounts'.
    return new Ajv2020({ ...OPTIONS, validateSchema: false, meta: false, allErrors }).compile(schema);
  } catch (error) {
    throw new InvalidSchemaError(error instanceof Error ? error.message : String(error));
  }
}

/** Generators of schemas name older drafts, which mean other things by some keywords. */
function requireDraft(schema: object): void {
  const named: unknown = '$schema' in schema ? schema.$schema : DRAFT;
  if (typeof named === 'string' && named.replace(/#$/, '') === DRAFT) return;
  throw new Error(
    `its "$schema" names ${JSON.stringify(named)}, and only "${DRAFT}" is known; write that, or leave it out`,
  );
}

function errorsOf(validate: ValidateFunction, payload: TriggerPayload): ErrorObject[] {
  validate(payload);
  const errors = validate.errors ?? [];
  validate.errors = null; // there may be very many
  return errors;
}

/** Schemas are written by whoever has a runner here, and the relay must go on for the others. */
function unchecked(why: string): FieldError[] {
  return [{ path: 'payload', message: `could not be checked ${why}` }];
}

/** It may be of the other context that {@link runWithin} runs in. */
function isStackOverflow(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'name' in error && error.name === 'RangeError';
}
