import { isRecord } from '../../core/shape';

/** One field of a payload as its JSON Schema describes it. */
export interface SchemaField {
  /** A dot-path, as filters take it. */
  path: string;
  /** As in “string”, “integer”, “open | closed”. */
  type: string;
  description: string;
  isRequired: boolean;
  /** Its values are strings, so whatever is compared with it is read as one. */
  isText: boolean;
}

/** Deeper ones can still be named by hand. */
const MAX_DEPTH = 3;
const MAX_FIELDS = 100;

/** The fields that a payload may have, those of objects below their object. */
export function schemaFields(schema: unknown): SchemaField[] {
  return fieldsBelow(schema, '', 1).slice(0, MAX_FIELDS);
}

/** A payload to start from: the required fields, or the schema's own example. */
export function examplePayload(schema: unknown): Record<string, unknown> {
  const example = exampleOf(schema, 1);
  return isRecord(example) ? example : {};
}

function fieldsBelow(schema: unknown, prefix: string, depth: number): SchemaField[] {
  if (depth > MAX_DEPTH) return [];
  const required = isRecord(schema) && Array.isArray(schema['required']) ? schema['required'] : [];
  return properties(schema).flatMap(([name, property]) => {
    const path = prefix + name;
    const choices = choicesOf(property);
    const field: SchemaField = {
      path,
      type: choices.length > 0 ? choices.join(' | ') : typeOf(property),
      description: textOf(property, 'description'),
      isRequired: required.includes(name),
      isText: isTextual(property),
    };
    return [field, ...fieldsBelow(property, `${path}.`, depth + 1)];
  });
}

function properties(schema: unknown): [string, unknown][] {
  const found = isRecord(schema) ? schema['properties'] : undefined;
  return isRecord(found) ? Object.entries(found) : [];
}

function choicesOf(property: unknown): string[] {
  const listed = isRecord(property) ? property['enum'] : undefined;
  return Array.isArray(listed)
    ? listed.map((each: unknown) => (typeof each === 'string' ? each : JSON.stringify(each)))
    : [];
}

function isTextual(property: unknown): boolean {
  if (typeOf(property) === 'string') return true;
  const listed = isRecord(property) ? property['enum'] : undefined;
  return Array.isArray(listed) && listed.every((each) => typeof each === 'string');
}

function typeOf(property: unknown): string {
  const type = isRecord(property) ? property['type'] : undefined;
  if (Array.isArray(type)) return type.join(' | ');
  return typeof type === 'string' ? type : 'any';
}

function textOf(property: unknown, name: string): string {
  const text = isRecord(property) ? property[name] : undefined;
  return typeof text === 'string' ? text : '';
}

function exampleOf(schema: unknown, depth: number): unknown {
  if (!isRecord(schema)) return null;
  const given = [schema['default'], firstOf(schema['examples']), firstOf(schema['enum']), schema['const']].find(
    (value) => value !== undefined,
  );
  if (given !== undefined) return given;
  switch (typeOf(schema)) {
    case 'string':
      return '';
    case 'integer':
    case 'number':
      return 0;
    case 'boolean':
      return false;
    case 'array':
      return [];
    default:
      if (depth > MAX_DEPTH) return {};
      return Object.fromEntries(properties(schema).map(([name, property]) => [name, exampleOf(property, depth + 1)]));
  }
}

function firstOf(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : undefined;
}
