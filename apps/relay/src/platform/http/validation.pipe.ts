import { type ArgumentMetadata, Injectable, ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { ProblemCode } from '@pizzapi/protocol';
import { fieldsAsSent } from './as-sent.js';
import { NoJsonBody } from './parse-body.js';
import { ProblemError, type FieldError } from './problem.error.js';

/** Parses bodies, queries and path parameters by their DTO classes; refuses what they do not name. */
@Injectable()
export class RequestValidationPipe extends ValidationPipe {
  constructor() {
    super({
      whitelist: true,
      forbidNonWhitelisted: true,
      transform: true,
      // A field without a value leaves the default of its class alone.
      transformOptions: { exposeUnsetFields: false },
      // Values are secrets at times: they are not carried into errors and logs.
      validationError: { target: false, value: false },
      exceptionFactory: (errors) => refuse(flatten(errors, '')),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (value instanceof NoJsonBody) throw value.problem;
    const names = metadata.metatype ? fieldsAsSent(metadata.metatype) : [];
    if (names.length === 0 || !isObject(value)) return super.transform(value, metadata);
    // For the transformer, which would make sense of what is in them, an empty object stands in for each.
    const kept = Object.fromEntries(names.flatMap((name) => (isObject(value[name]) ? [[name, value[name]]] : [])));
    const standIns = Object.fromEntries(Object.keys(kept).map((name) => [name, {}]));
    const parsed: unknown = await super.transform({ ...value, ...standIns }, metadata);
    return isObject(parsed) ? Object.assign(parsed, kept) : parsed;
  }

  /** There are none in JSON, and to look for them Nest would read all rules of the class anew for each request. */
  protected override findNestedBinaryValues(): ValidationError[] {
    return [];
  }

  /** Nest would remove these fields in silence. */
  protected override stripProtoKeys(value: unknown): void {
    const stack = [value];
    while (stack.length > 0) {
      const at = stack.pop();
      if (typeof at !== 'object' || at === null) continue;
      const reserved = Object.keys(at).find((name) => RESERVED.has(name));
      if (reserved !== undefined) throw refuse([{ path: reserved, message: 'is a name that no field may have' }]);
      for (const inner of Object.values(at)) stack.push(inner);
    }
  }
}

const UNKNOWN = 'is not a field of this request';

/** A part of every object: the transformer cannot tell such a field from it. */
const RESERVED = new Set(['__proto__', 'prototype', 'constructor']);

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** For fields that nobody asks for. */
export function refuseFields(names: readonly string[]): ProblemError {
  return refuse(names.map((path) => ({ path, message: UNKNOWN })));
}

function refuse(errors: FieldError[]): ProblemError {
  const detail = errors.map(({ path, message }) => `${path}: ${message}`).join('; ');
  return new ProblemError(400, ProblemCode.invalidRequest, detail, { errors });
}

function flatten(errors: ValidationError[], parent: string): FieldError[] {
  return errors.flatMap((error) => {
    const path = parent === '' ? error.property : `${parent}.${error.property}`;
    const own = Object.entries(error.constraints ?? {}).map(([rule, text]) => ({
      path,
      message: message(rule, text, error.property),
    }));
    return [...own, ...flatten(error.children ?? [], path)];
  });
}

/** class-validator's texts begin with the property, which the path says already. */
function message(rule: string, text: string, property: string): string {
  if (rule === 'whitelistValidation') return UNKNOWN;
  return text.startsWith(`${property} `) ? text.slice(property.length + 1) : text;
}
