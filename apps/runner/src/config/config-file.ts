import { readSmallFile, UnreadableFileError } from '@pizzapi/plugins';
import { type Static, type TSchema, Type } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
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
  return checkedConfig(validator, readJsonFile(path) ?? {}, path);
}

/** The file's content; null where there is none. @throws ConfigError */
export function readJsonFile(path: string): unknown {
  const text = readText(path);
  return text === null ? null : parseJson(text, path);
}

/** What a file holds, as its schema says. @throws ConfigError that names file and field */
export function checkedConfig<S extends TSchema>(
  schema: Validator<Record<never, never>, S>,
  value: unknown,
  path: string,
): Static<S> {
  if (schema.Check(value)) return value;
  const [first] = schema.Errors(value);
  const field = first?.instancePath.slice(1).replaceAll('/', '.') ?? '';
  throw new ConfigError(
    `${path}${field && `, field ${field}`}`,
    `${first?.message ?? 'is not valid'}; correct or remove it`,
  );
}

/** A file of more is no configuration. */
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
