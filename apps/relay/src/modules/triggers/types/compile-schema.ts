import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { TriggerPayload } from '@pizzapi/protocol';
import type { FieldError } from '../../../platform/http/problem.error.js';
import { payloadErrors } from './payload-errors.js';
import { runWithin } from './run-within.js';

/** Returns the places in a payload that violate a schema; none if it is valid. */
export type PayloadCheck = (payload: TriggerPayload) => FieldError[];

/** A declared schema cannot be used. The message completes the sentence "… because". */
export class InvalidSchemaError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'InvalidSchemaError';
  }
}

const MAX_SCHEMA_LENGTH = 64 * 1024;
const CHECK_MS = 250;
/** Keywords whose check may take far longer than the payload's size suggests: backtracking expressions, comparison of all pairs, recursion. */
const COSTLY = /"(pattern|patternProperties|uniqueItems|\$ref|\$dynamicRef)"/;
const DRAFT = 'https://json-schema.org/draft/2020-12/schema';
/** As the draft says: formats are not asserted, and unknown keywords are annotations. */
const OPTIONS = { strict: false, validateFormats: false, logger: false } as const;
let metaSchema: Ajv2020 | null = null;

/**
 * Compiles a self-contained JSON Schema (draft 2020-12) into a check. Nothing is fetched: a reference to another document is an error.
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
      // The first violation is known by now. A person wants to see the others as well, but finding them may take long in a large payload.
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
    // An instance for each schema: one remembers the ids that schemas give themselves, and these belong to different accounts.
    return new Ajv2020({ ...OPTIONS, validateSchema: false, meta: false, allErrors }).compile(schema);
  } catch (error) {
    throw new InvalidSchemaError(error instanceof Error ? error.message : String(error));
  }
}

/** Schema generators often name an older draft, in which some keywords mean something else. */
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

/** Anybody with a runner can declare a schema, and a bad one must not stop the relay for everybody else. */
function unchecked(why: string): FieldError[] {
  return [{ path: 'payload', message: `could not be checked ${why}` }];
}

/** Not by `instanceof`: it may come from the separate context of {@link runWithin}. */
function isStackOverflow(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'name' in error && error.name === 'RangeError';
}
