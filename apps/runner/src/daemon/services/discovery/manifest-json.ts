import { readFile, stat } from 'node:fs/promises';
import type { Static, TSchema } from 'typebox';
import type { Validator } from 'typebox/compile';
import { isMissingFile } from '../../../files/file-error.js';
import { shortageOf } from '../../../files/shortage.js';
import { ManifestError } from './manifest-error.js';

/** Far more than a manifest needs; all of it travels to the relay. */
const MAX_FILE_BYTES = 256 * 1024;

/** The file's JSON; undefined when there is no such file. @throws ManifestError, or what the machine has none left of: that is no fault of the file */
export async function readManifestJson(path: string, file: string): Promise<unknown> {
  const text = await readBounded(path, file);
  if (text === undefined) return undefined;
  try {
    const json: unknown = JSON.parse(text);
    return json;
  } catch (error) {
    throw new ManifestError(file, '', `is not valid JSON (${error instanceof Error ? error.message : String(error)})`);
  }
}

async function readBounded(path: string, file: string): Promise<string | undefined> {
  try {
    const { size, isFile } = await statOf(path);
    // Reading a pipe would wait for its writer.
    if (!isFile) throw new ManifestError(file, '', 'is not a file');
    if (size > MAX_FILE_BYTES)
      throw new ManifestError(file, '', `has ${size} bytes; at most ${MAX_FILE_BYTES} are read`);
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissingFile(error)) return undefined;
    if (error instanceof ManifestError || shortageOf(error) !== null) throw error;
    throw new ManifestError(file, '', `cannot be read (${error instanceof Error ? error.message : String(error)})`);
  }
}

async function statOf(path: string): Promise<{ size: number; isFile: boolean }> {
  const found = await stat(path);
  return { size: found.size, isFile: found.isFile() };
}

/** Checks the shape, and names the first field that is wrong. `at` is where in the file the value stands. */
export function parseShape<S extends TSchema>(
  validator: Validator<Record<never, never>, S>,
  value: unknown,
  file: string,
  at = '',
): Static<S> {
  if (validator.Check(value)) return value;
  const [first] = validator.Errors(value);
  const missing = first?.keyword === 'required' ? first.params.requiredProperties[0] : undefined;
  const field = fieldName(at, `${first?.instancePath ?? ''}${missing === undefined ? '' : `/${missing}`}`);
  throw new ManifestError(file, field, missing === undefined ? (first?.message ?? 'is not valid') : 'is missing');
}

/** `/triggers/0/type` as `triggers[0].type`. */
function fieldName(at: string, pointer: string): string {
  const steps = pointer.split('/').slice(1);
  return steps.reduce((name, step) => {
    if (/^\d+$/.test(step)) return `${name}[${step}]`;
    return name === '' ? step : `${name}.${step}`;
  }, at);
}
