import { SigilDef, TriggerDef } from '@pizzapi/protocol';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { ManifestError } from './manifest-error.js';
import { parseShape } from './manifest-json.js';

/** What a service's folder declares. Defaults are filled in, except for the entry, which discovery has to look for. Paths are relative to the folder. */
export interface ServiceManifest {
  id: string;
  label: string;
  icon: string;
  /** Null: not named, so {@link DEFAULT_ENTRY}. */
  entry: string | null;
  /** Null: no panel. */
  panel: { dir: string } | null;
  triggers: TriggerDef[];
  sigils: SigilDef[];
}

export const DEFAULT_ENTRY = './index.ts';

const Path = Type.String({ minLength: 1, maxLength: 1_000 });

const Manifest = Type.Object({
  /** No colon: it ends the service's name in the names of its triggers. */
  id: Type.String({ maxLength: 120, pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$' }),
  label: Type.String({ minLength: 1, maxLength: 200 }),
  icon: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  entry: Type.Optional(Path),
  panel: Type.Optional(Type.Object({ dir: Type.Optional(Path) })),
  triggers: Type.Optional(Type.Unknown()),
  sigils: Type.Optional(Type.Unknown()),
});
type Manifest = Static<typeof Manifest>;

const manifest = Compile(Manifest);
/** `true` and `false` are JSON Schemas, too. They are announced as the objects that mean the same. */
const SchemaOrBoolean = Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Boolean()]);
/** An invalid schema disables only its own type, so anything is accepted here. */
const DeclaredTrigger = Type.Object({
  ...Type.Omit(TriggerDef, ['serviceId', 'schema']).properties,
  schema: Type.Optional(Type.Unknown()),
});
const DeclaredSigil = Type.Object({
  ...Type.Omit(SigilDef, ['serviceId', 'schema']).properties,
  schema: Type.Optional(SchemaOrBoolean),
});
const schemaOrBoolean = Compile(SchemaOrBoolean);
const triggerList = Compile(Type.Array(DeclaredTrigger, { maxItems: 500 }));
const sigilList = Compile(Type.Array(DeclaredSigil, { maxItems: 500 }));

/** What an agent can write, and the console finds, between `[[` and the colon. */
const SIGIL_NAME = /^[^\s:[\]]+$/;

/** Trigger types of the relay itself start with these. */
const RESERVED_IDS = new Set(['time', 'webhook', 'session']);

/** The JSON of a service's files; undefined where there is no such file. */
export interface ServiceFiles {
  folder: string;
  manifest: unknown;
  triggers: unknown;
  sigils: unknown;
}

/** @throws ManifestError naming file, field and reason */
export function parseManifest(files: ServiceFiles): ServiceManifest {
  const file = `${files.folder}/manifest.json`;
  if (files.manifest === undefined) throw new ManifestError(file, '', 'is missing');
  const declared = parseShape(manifest, files.manifest, file);
  if (RESERVED_IDS.has(declared.id))
    throw new ManifestError(file, 'id', `"${declared.id}" is a name of the relay's own; choose another one`);
  return {
    id: declared.id,
    label: declared.label,
    icon: declared.icon ?? 'square',
    entry: declared.entry ?? null,
    panel: declared.panel ? { dir: declared.panel.dir ?? './panel' } : null,
    triggers: parseTriggers(declared, files),
    sigils: parseSigils(declared, files),
  };
}

function parseTriggers(declared: Manifest, files: ServiceFiles): TriggerDef[] {
  const { file, at, list } = listOf('triggers', declared, files);
  const triggers = parseShape(triggerList, list, file, at);
  const prefix = `${declared.id}:`;
  const seen = new Set<string>();
  for (const [index, { type }] of triggers.entries()) {
    const field = `${at}[${index}].type`;
    if (!type.startsWith(prefix) || type === prefix)
      throw new ManifestError(file, field, `"${type}" must start with the service's id: "${prefix}…"`);
    if (seen.has(type)) throw new ManifestError(file, field, `"${type}" is declared twice`);
    seen.add(type);
  }
  return triggers.map(({ schema, ...trigger }) => ({
    ...trigger,
    serviceId: declared.id,
    ...(schema === undefined ? {} : triggerSchema(schema)),
  }));
}

function triggerSchema(schema: unknown): Pick<TriggerDef, 'schema' | 'disabledReason'> {
  return schemaOrBoolean.Check(schema)
    ? { schema: asObject(schema) }
    : { disabledReason: `its schema is no JSON Schema: it is ${kindOf(schema)}, and must be an object, true or false` };
}

function asObject(schema: Static<typeof SchemaOrBoolean>): Record<string, unknown> {
  if (typeof schema !== 'boolean') return schema;
  return schema ? {} : { not: {} };
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}

function parseSigils(declared: Manifest, files: ServiceFiles): SigilDef[] {
  const { file, at, list } = listOf('sigils', declared, files);
  const sigils = parseShape(sigilList, list, file, at);
  for (const [index, { type, aliases = [] }] of sigils.entries()) {
    checkSigilName(type, file, `${at}[${index}].type`);
    for (const [place, alias] of aliases.entries()) checkSigilName(alias, file, `${at}[${index}].aliases[${place}]`);
  }
  return sigils.map(({ schema, ...sigil }) => ({
    ...sigil,
    serviceId: declared.id,
    ...(schema === undefined ? {} : { schema: asObject(schema) }),
  }));
}

function checkSigilName(name: string, file: string, field: string): void {
  if (!SIGIL_NAME.test(name))
    throw new ManifestError(file, field, `"${name}" cannot stand in [[…:id]]: leave out spaces, colons and brackets`);
}

/** A file of its own takes precedence over the manifest, whose list is then not even looked at. It is a bare list or wraps one. */
function listOf(
  name: 'triggers' | 'sigils',
  declared: Manifest,
  files: ServiceFiles,
): { file: string; at: string; list: unknown } {
  const own = files[name];
  if (own === undefined) return { file: `${files.folder}/manifest.json`, at: name, list: declared[name] ?? [] };
  const file = `${files.folder}/${name}.json`;
  if (Array.isArray(own)) return { file, at: '', list: own };
  const wrapped: unknown = typeof own === 'object' && own !== null ? Reflect.get(own, name) : undefined;
  if (wrapped === undefined)
    throw new ManifestError(file, '', `must be a list, or an object with the list in "${name}"`);
  return { file, at: name, list: wrapped };
}
