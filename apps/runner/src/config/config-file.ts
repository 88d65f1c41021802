import { readSmallFile, UnreadableFileError } from '@pizzapi/plugins';
import { type Static, type TSchema, Type } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import type { TLocalizedValidationError } from 'typebox/error';
import { isMissingFile } from '../files/file-error.js';
import { ConfigError } from './config-error.js';

/** What the runner reads of `config.json`; other parts of the product keep their own fields in it. */
const ConfigFile = Type.Object({
  relayUrl: Type.Optional(Type.String()),
  apiKey: Type.Optional(Type.String({ minLength: 1 })),
  runnerName: Type.Optional(Type.String({ minLength: 1, maxLength: 120 })),
});
export type ConfigFile = Static<typeof ConfigFile>;
const validator = Compile(ConfigFile);

/** An absent file is an empty one. */
export function readConfigFile(path: string): ConfigFile {
  return checkedConfig(validator, readConfigJson(path) ?? {}, path);
}

/** The file's content; null where there is none. @throws ConfigError */
export function readConfigJson(path: string): unknown {
  const text = readText(path);
  return text === null ? null : parseJson(text, path);
}

/** Checks a file's content against its schema. @throws ConfigError that names the file and the field */
export function checkedConfig<S extends TSchema>(
  schema: Validator<Record<never, never>, S>,
  value: unknown,
  path: string,
): Static<S> {
  if (schema.Check(value)) return value;
  const { field, fault } = firstMistake(schema.Errors(value));
  throw new ConfigError(`${path}${field && `, field ${field}`}`, `${fault}; correct or remove it`);
}

/** Says what is wrong in terms of the file that a person wrote, not of JSON Schema. */
function firstMistake(errors: readonly TLocalizedValidationError[]): { field: string; fault: string } {
  const [first] = errors;
  if (!first) return { field: '', fault: 'is not valid' };
  const field = first.instancePath.slice(1).replaceAll('/', '.');
  if (first.keyword === 'boolean') return { field, fault: 'is not known' };
  const choices = errors
    .filter(({ instancePath }) => instancePath === first.instancePath)
    .flatMap((error) => (error.keyword === 'const' ? [JSON.stringify(error.params.allowedValue)] : []));
  return { field, fault: choices.length > 0 ? `is none of ${choices.join(', ')}` : first.message };
}

/** Anything larger is not a configuration file. */
const MAX_BYTES = 1024 * 1024;

function readText(path: string): string | null {
  try {
    return readSmallFile(path, { maxBytes: MAX_BYTES });
  } catch (error) {
    if (isMissingFile(error)) return null;
    if (error instanceof UnreadableFileError) throw new ConfigError(path, `cannot be used: ${error.detail}`);
    throw new ConfigError(path, 'cannot be read; check its owner and mode');
  }
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the file, which may hold a key.
    throw new ConfigError(path, 'is not valid JSON; correct it or remove the file');
  }
}
