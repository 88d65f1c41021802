import type { ErrorObject } from 'ajv/dist/2020.js';
import type { TriggerPayload } from '@pizzapi/protocol';
import type { FieldError } from '../../../platform/http/problem.error.js';

const MAX_ERRORS = 20;
const MAX_LISTED = 20;
const IDENTIFIER = /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u;

/** The violations of a schema, each with its place in the payload as a person would write it: `payload.items[0].id`. */
export function payloadErrors(errors: readonly ErrorObject[], payload: TriggerPayload): FieldError[] {
  return errors.slice(0, MAX_ERRORS).map((error) => ({
    path: placeOf(segmentsOf(error), payload),
    message: messageOf(error),
  }));
}

/** For a field that is missing, or should not be there, the checker gives the path of the object around it. */
function segmentsOf({ instancePath, params }: ErrorObject): string[] {
  const named: unknown[] = [params['missingProperty'], params['additionalProperty'], params['unevaluatedProperty']];
  const field = named.find((name) => typeof name === 'string');
  return [...pointerSegments(instancePath), ...(field === undefined ? [] : [field])];
}

/** RFC 6901. */
function pointerSegments(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function placeOf(segments: readonly string[], payload: TriggerPayload): string {
  let at: unknown = payload;
  let place = 'payload';
  for (const segment of segments) {
    if (Array.isArray(at)) place += `[${segment}]`;
    else place += IDENTIFIER.test(segment) ? `.${segment}` : `[${JSON.stringify(segment)}]`;
    at = typeof at === 'object' && at !== null ? Object.getOwnPropertyDescriptor(at, segment)?.value : undefined;
  }
  return place;
}

function messageOf({ keyword, params, message }: ErrorObject): string {
  switch (keyword) {
    case 'required':
      return 'is required';
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return 'is not a field of this trigger';
    case 'enum':
      return `must be one of ${listed(params['allowedValues'])}`;
    case 'const':
      return `must be ${JSON.stringify(params['allowedValue'])}`;
    default:
      return message ?? `breaks the rule "${keyword}"`;
  }
}

function listed(values: unknown): string {
  if (!Array.isArray(values)) return 'the declared values';
  const shown = values.slice(0, MAX_LISTED).map((value) => JSON.stringify(value));
  return shown.join(', ') + (values.length > MAX_LISTED ? ', …' : '');
}
